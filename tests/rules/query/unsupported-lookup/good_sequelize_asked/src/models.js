const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize({ dialect: 'sqlite', storage: process.env.SHOP_FILE || 'shop.sqlite' });

const Customer = sequelize.define('Customer', {
  email: { type: DataTypes.STRING, allowNull: false, unique: true },
  name: DataTypes.STRING,
});
const Order = sequelize.define('Order', {
  number: { type: DataTypes.STRING, unique: true },
  placedAt: DataTypes.DATE,
  total: DataTypes.DECIMAL(10, 2),
});
const Label = sequelize.define('Label', { text: { type: DataTypes.STRING, unique: true } });

Order.belongsTo(Customer, { as: 'buyer', foreignKey: 'buyerId' });
Customer.hasMany(Order, { as: 'orders', foreignKey: 'buyerId' });
Order.belongsToMany(Label, { as: 'labels', through: 'order_labels' });
Label.belongsToMany(Order, { as: 'orders', through: 'order_labels' });

module.exports = { sequelize, Customer, Order, Label };
