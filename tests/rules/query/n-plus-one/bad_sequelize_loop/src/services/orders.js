const { Customer, Order } = require('../models');

async function list(withLabels) {
  const orders = await Order.findAll({ limit: 50 });
  const views = [];
  for (const order of orders) {
    const buyer = await Customer.findByPk(order.buyerId); // expect: query/n-plus-one
    views.push({ number: order.number, buyer: buyer.name });
  }
  return withLabels ? labelled(orders) : views;
}

async function labelled(orders) {
  return Promise.all(
    orders.map((order) => order.getLabels()) // expect: query/n-plus-one
  );
}

async function nightly() {
  for (const order of await Order.findAll()) {
    console.log(await Customer.count({ where: { id: order.buyerId } })); // expect: query/n-plus-one warning
  }
}

module.exports = { list, nightly };
