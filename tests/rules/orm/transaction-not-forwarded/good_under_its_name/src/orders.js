const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize({ dialect: 'sqlite', storage: 'shop.db' });
const Order = sequelize.define('Order', { number: DataTypes.STRING });
const repository = {
  create: (values, { tx } = {}) => Order.create(values, { transaction: tx }),
};

async function place(number) {
  return sequelize.transaction(async (tx) => repository.create({ number }, { tx }));
}

module.exports = { place };
