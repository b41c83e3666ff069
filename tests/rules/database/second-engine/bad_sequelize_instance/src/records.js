const { DataTypes } = require('sequelize');
const sequelize = require('./database');

module.exports = sequelize.define('Record', { title: DataTypes.STRING });
