const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize(process.env.DATABASE_URL, { dialect: 'postgres' });
const Ticket = sequelize.define('Ticket', { state: DataTypes.STRING });
const Comment = sequelize.define('Comment', { ticketId: DataTypes.INTEGER });

module.exports = { sequelize, Ticket, Comment };
