const { Sequelize } = require('sequelize');

function open() {
  if (process.env.DATABASE_URL) {
    return new Sequelize(process.env.DATABASE_URL, { dialect: 'postgres' });
  }
  return new Sequelize({ dialect: 'sqlite', storage: 'library.sqlite' }); // expect: database/wrong-engine
}

const sequelize = open();
module.exports = { sequelize };
