const { DataTypes, Sequelize } = require('sequelize');

const sequelize = new Sequelize('sqlite::memory:');
const Loan = sequelize.define('Loan', {
  memberId: { type: DataTypes.INTEGER, allowNull: false },
  crateId: { type: DataTypes.INTEGER, allowNull: false },
}, { tableName: 'loans', timestamps: false });

module.exports = { Loan, sequelize };
