const { DataTypes } = require('sequelize');
const { sequelize } = require('./database');

module.exports = sequelize.define('Book', { title: DataTypes.STRING });
