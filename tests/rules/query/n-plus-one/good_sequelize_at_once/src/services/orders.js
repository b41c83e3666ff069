const { Customer, Order } = require('../models');

async function list(ids) {
  const orders = await Order.findAll({ include: [{ model: Customer, as: 'buyer' }] });
  const buyers = await Customer.findAll({ where: { id: orders.map((order) => order.buyerId) } });
  const byId = new Map(buyers.map((buyer) => [buyer.id, buyer]));
  for (const order of orders) {
    await order.update({ total: order.total * 2 });
  }
  for (const number of ['a', 'b']) {
    await Order.findOne({ where: { number } });
  }
  const known = await Promise.all(ids.map((id) => Order.findByPk(id)));
  return orders.map((order) => ({ number: order.number, buyer: byId.get(order.buyerId), known }));
}

module.exports = { list };
