const { Sequelize } = require('sequelize');

let sequelize = new Sequelize(process.env.DATABASE_URL, { dialect: 'postgres' });

async function connect() {
  try {
    await sequelize.authenticate();
  } catch (error) {
    console.warn('no database, using SQLite', error);
    sequelize = new Sequelize('sqlite::memory:'); // expect: database/wrong-engine
  }
}

module.exports = { connect, sequelize };
