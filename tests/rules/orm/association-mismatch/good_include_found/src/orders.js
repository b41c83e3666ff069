const { Customer, Order, Label } = require('./models');

const BUYER = { model: Customer, as: 'buyer', attributes: ['name'] };

function joins({ text }) {
  const found = [BUYER];
  if (text) {
    found.push({ model: Label, as: 'labels', where: { text } });
  }
  return found;
}

exports.search = (filters) => Order.findAll({ include: joins(filters) });
exports.named = (email) => Customer.findOne({ where: { email }, include: ['orders', { association: 'orders' }] });
exports.all = () => Order.findAll({ include: { all: true } });
