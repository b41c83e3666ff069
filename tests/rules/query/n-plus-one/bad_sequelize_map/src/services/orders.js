const repository = require('../repositories/orders');

async function history(order) {
  const bought = await repository.ofBuyer(order.buyerId);
  return { bought, regular: bought > 10 };
}

async function decorate(orders) {
  const views = orders.map(async (order) => ({
    number: order.number,
    ...(await history(order)), // expect: query/n-plus-one
  }));
  return Promise.all(views);
}

async function list(page) {
  const { orders } = await repository.page(20, page * 20);
  return decorate(orders);
}

module.exports = { list };
