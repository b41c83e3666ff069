const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize(process.env.DATABASE_URL, { dialect: 'postgres' });
const Sack = sequelize.define('Sack', { grain: DataTypes.STRING, weight: DataTypes.INTEGER });

async function connect() {
  await sequelize.authenticate();
  await sequelize.sync({ force: process.env.NODE_ENV === "test" });
  if (process.env.RESET) {
    await sequelize.sync({ force: true });
  }
}

async function resetAll() {
  await sequelize.sync({ force: true });
}

module.exports = { sequelize, Sack, connect, resetAll };
