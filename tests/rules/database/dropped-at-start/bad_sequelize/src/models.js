const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize(process.env.DATABASE_URL, { dialect: 'postgres' });
const Sack = sequelize.define('Sack', { grain: DataTypes.STRING, weight: DataTypes.INTEGER });

async function connect() {
  await sequelize.authenticate();
  await sequelize.sync({ force: true }); // expect: database/dropped-at-start
}

module.exports = { sequelize, Sack, connect };
