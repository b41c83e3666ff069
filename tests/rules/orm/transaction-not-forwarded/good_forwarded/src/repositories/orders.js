const { Label, Order } = require('../models');

async function create(values, options) {
  return Order.create(values, options);
}

async function label(order, texts, { tx }) {
  const rows = await Promise.all(
    texts.map((text) => Label.findOrCreate({ where: { text }, transaction: tx }))
  );
  const options = { transaction: tx, individualHooks: true };
  await order.setLabels(rows.map(([row]) => row), options);
}

async function count() {
  return Order.count();
}

module.exports = { create, label, count };
