const { Label, Order } = require('../models');

async function remove(order) {
  const labels = await Label.findAll({ where: { text: order.number } });
  await Promise.all(labels.map((label) => label.destroy()));
  await order.destroy();
}

async function list() {
  for (const order of await Order.findAll()) {
    await remove(order);
  }
}

module.exports = { list };
