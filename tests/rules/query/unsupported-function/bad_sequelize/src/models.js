const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize({ dialect: 'sqlite', storage: 'shop.db' });
const Order = sequelize.define('Order', { placedAt: DataTypes.DATE });

module.exports = { sequelize, Order };
