const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize('sqlite:lots.db');
const Lot = sequelize.define('Lot', { buyer: DataTypes.STRING, open: DataTypes.BOOLEAN });
const Bid = sequelize.define('Bid', { lot: DataTypes.INTEGER, amount: DataTypes.INTEGER });

module.exports = { sequelize, Lot, Bid };
