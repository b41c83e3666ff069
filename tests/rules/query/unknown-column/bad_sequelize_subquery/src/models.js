const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize({ dialect: 'sqlite', storage: process.env.CINEMA_FILE });

const Film = sequelize.define('Film', { title: DataTypes.STRING, releasedOn: DataTypes.DATEONLY });
const Studio = sequelize.define('Studio', { name: DataTypes.STRING });
const Review = sequelize.define('Review', { stars: DataTypes.INTEGER, text: DataTypes.TEXT });
const Genre = sequelize.define('Genre', { label: { type: DataTypes.STRING, unique: true } });

Film.belongsTo(Studio, { as: 'studio', foreignKey: 'studioId' });
Studio.hasMany(Film, { as: 'films', foreignKey: 'studioId' });
Film.hasMany(Review, { as: 'reviews', foreignKey: 'filmId' });
Review.belongsTo(Film, { as: 'film', foreignKey: 'filmId' });
Film.belongsToMany(Genre, { as: 'genres', through: 'film_genres' });
Genre.belongsToMany(Film, { as: 'films', through: 'film_genres' });

module.exports = { sequelize, Film, Studio, Review, Genre };
