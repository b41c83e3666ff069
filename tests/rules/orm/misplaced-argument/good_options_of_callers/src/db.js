const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize(process.env.DATABASE_URL);

module.exports = { Book: sequelize.define('Book', { title: DataTypes.STRING }) };
