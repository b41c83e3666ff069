const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize('postgres://db/carts');
const Cart = sequelize.define('Cart', { owner: DataTypes.INTEGER });
const Line = sequelize.define('Line', { cartId: DataTypes.INTEGER, count: DataTypes.INTEGER });

exports.open = (owner) =>
  sequelize.transaction(async (transaction) => {
    const before = await Line.count({ where: { cartId: owner } });
    const cart = await Cart.create({ owner }, { transaction });
    await Line.create({ cartId: cart.id, count: before }, { transaction });
    return Line.findAll({ where: { cartId: cart.id }, limit: 50 }); // expect: orm/transaction-not-forwarded warning
  });

exports.again = async (owner) => {
  const transaction = await sequelize.transaction();
  try {
    const cart = await Cart.create({ owner }, { transaction });
    await Line.create({ cartId: cart.id, count: 1 }, { transaction });
    const lines = await Line.findAll({ where: { cartId: cart.id }, transaction, limit: 50 });
    await transaction.commit();
    return { lines, all: await Cart.findAll({ where: { owner }, limit: 50 }) };
  } catch (error) {
    await transaction.rollback();
    throw error;
  }
};
