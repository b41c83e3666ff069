const { Sequelize } = require('sequelize');
const settings = require('./settings');

module.exports = new Sequelize(settings.url, { logging: false }); // expect: database/wrong-engine
