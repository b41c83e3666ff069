const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize({ dialect: 'sqlite', storage: 'shop.db' });
const Order = sequelize.define('Order', {
  number: DataTypes.STRING,
  tags: DataTypes.ARRAY(DataTypes.STRING), // expect: database/unsupported-type
});

module.exports = { sequelize, Order };
