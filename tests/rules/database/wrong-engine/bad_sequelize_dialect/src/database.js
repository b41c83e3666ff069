const { Sequelize } = require('sequelize');

module.exports = new Sequelize({ dialect: 'sqlite', storage: 'archive.db' }); // expect: database/wrong-engine
