const { Sequelize } = require('sequelize');
const config = require('./config');

const sequelize = new Sequelize(config.databaseUrl, { logging: false }); // expect: database/wrong-engine
module.exports = { sequelize };
