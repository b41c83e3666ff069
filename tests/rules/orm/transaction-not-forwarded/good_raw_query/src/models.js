const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize(process.env.DATABASE_URL, { dialect: 'postgres' });
const Ticket = sequelize.define('Ticket', { seat: DataTypes.INTEGER });

module.exports = { sequelize, Ticket };
