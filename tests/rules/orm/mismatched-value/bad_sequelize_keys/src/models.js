const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize('sqlite:reviews.db');
const id = { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true };

const Member = sequelize.define('Member', { id, username: DataTypes.STRING });
const Film = sequelize.define('Film', { id, title: DataTypes.STRING });
const Review = sequelize.define('Review', {
  id,
  text: DataTypes.TEXT,
  filmId: DataTypes.INTEGER,
  memberId: DataTypes.INTEGER,
});

Film.hasMany(Review, { as: 'reviews', foreignKey: 'filmId' });
Review.belongsTo(Film, { as: 'film', foreignKey: 'filmId' });
Review.belongsTo(Member, { as: 'member', foreignKey: 'memberId' });

module.exports = { Member, Film, Review };
