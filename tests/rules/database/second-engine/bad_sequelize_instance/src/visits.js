const { DataTypes, Sequelize } = require('sequelize');

const local = new Sequelize('sqlite:visits.db'); // expect: database/second-engine

module.exports = local.define('Visit', { path: DataTypes.STRING });
