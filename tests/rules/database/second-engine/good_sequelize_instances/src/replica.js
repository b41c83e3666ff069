const { Sequelize } = require('sequelize');

module.exports = new Sequelize(process.env.REPLICA_URL || 'postgres://replica/archive');
