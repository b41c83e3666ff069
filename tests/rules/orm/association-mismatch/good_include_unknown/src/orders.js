const { Customer, Order } = require('./models');

exports.all = () => Order.findAll({ include: [{ model: Customer, as: 'payer' }] });
