const { Sequelize } = require('sequelize');

function open() {
  if (process.env.NODE_ENV === 'test') {
    return new Sequelize('sqlite::memory:');
  }
  return new Sequelize(process.env.DATABASE_URL, { dialect: 'postgres' });
}

const sequelize = open();
module.exports = { sequelize };
