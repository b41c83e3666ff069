const { Op } = require('sequelize');
const { Customer, Label, Order } = require('./models');

function joins({ email, texts }) {
  const include = [];
  if (email) include.push({ model: Customer, as: 'buyer', where: { email } });
  if (texts) include.push({ model: Label, as: 'labels', where: { text: { [Op.in]: texts } } });
  return include;
}

async function page(filters, limit) {
  const { rows, count } = await Order.findAndCountAll({ include: joins(filters), limit }); // expect: query/count-after-join
  return { rows, count };
}

async function buyers() {
  return Customer.count({ include: 'orders' }); // expect: query/count-after-join
}

module.exports = { page, buyers };
