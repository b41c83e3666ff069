const { DataTypes, Sequelize } = require('sequelize');

const sequelize = new Sequelize('sqlite:loans.db');

module.exports = sequelize.define('Loan', { due: DataTypes.DATE });
