const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize('sqlite:reviews.db');
const id = { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true };

const Member = sequelize.define('Member', { id, username: DataTypes.STRING });
const Profile = sequelize.define('Profile', {
  memberId: { type: DataTypes.INTEGER, primaryKey: true },
  about: DataTypes.TEXT,
});
const Film = sequelize.define('Film', { id, title: DataTypes.STRING, code: DataTypes.INTEGER });
const Review = sequelize.define('Review', {
  id,
  text: DataTypes.TEXT,
  filmId: DataTypes.INTEGER,
  memberId: DataTypes.INTEGER,
  subjectId: DataTypes.INTEGER,
});

Member.hasOne(Profile, { as: 'profile', foreignKey: 'memberId' });
Film.hasMany(Review, { as: 'reviews', foreignKey: 'filmId' });
Review.belongsTo(Member, { as: 'member', foreignKey: 'memberId' });
Film.hasMany(Review, { as: 'mentions', foreignKey: 'subjectId', constraints: false });
Member.hasMany(Review, { as: 'portraits', foreignKey: 'subjectId', constraints: false });

module.exports = { Member, Profile, Film, Review };
