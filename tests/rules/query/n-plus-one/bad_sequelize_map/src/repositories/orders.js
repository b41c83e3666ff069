const { Label, Order } = require('../models');

async function page(limit, offset) {
  const { rows, count } = await Order.findAndCountAll({ limit, offset });
  return { total: count, orders: rows };
}

function ofBuyer(buyerId) {
  return Order.count({ where: { buyerId } });
}

module.exports = { page, ofBuyer };
