const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize({ dialect: 'sqlite', storage: 'shop.db' });
const Order = sequelize.define('Order', { number: DataTypes.STRING });

async function page(limit, offset) {
  const { count, rows } = await Order.findAndCountAll({ limit, offset });
  return { orders: rows, total: count, shown: rows.length };
}

module.exports = { page };
