const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize('sqlite::memory:');
const Sailor = sequelize.define('Sailor', { name: DataTypes.STRING, token: DataTypes.STRING });
const Entry = sequelize.define('Entry', { race: DataTypes.STRING, sailorId: DataTypes.INTEGER });

module.exports = { sequelize, Sailor, Entry };
