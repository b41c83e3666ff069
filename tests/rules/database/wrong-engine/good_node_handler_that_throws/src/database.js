const { Sequelize } = require('sequelize');

const sequelize = new Sequelize(process.env.DATABASE_URL, { dialect: 'postgres' });

async function connect() {
  try {
    await sequelize.authenticate();
  } catch (error) {
    const probe = new Sequelize('sqlite::memory:');
    await probe.close();
    throw error;
  }
}

module.exports = { connect, sequelize };
