const { Customer, Order } = require('../models');

async function exists(email) {
  return (await Customer.count({ where: { email } })) > 0;
}

function byEmail(email) {
  return Customer.findOne({ where: { email } });
}

function ordersOf(buyerId) {
  return Order.findAll({ where: { buyerId } });
}

module.exports = { exists, byEmail, ordersOf };
