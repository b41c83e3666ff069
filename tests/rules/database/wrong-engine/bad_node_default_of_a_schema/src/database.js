const { Sequelize } = require('sequelize');
const { env } = require('./env');

const sequelize = new Sequelize(env.DATABASE_URL); // expect: database/wrong-engine
module.exports = { sequelize };
