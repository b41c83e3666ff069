const { Customer, Label, Order } = require('./models');

async function page(text, limit) {
  return Order.findAndCountAll({
    include: [{ model: Label, as: 'labels', where: { text } }],
    limit,
  });
}

async function all(limit, options) {
  const include = [{ model: Label, as: 'labels' }, { model: Customer, as: 'buyer' }];
  const { rows } = await Order.findAndCountAll({ include, limit });
  const first = await Order.findAndCountAll({ include, limit, distinct: true });
  const apart = await Order.count({ include: [{ model: Label, as: 'labels', separate: true }] });
  const grouped = await Order.count({ include, group: ['Order.id'] });
  return { rows, first, apart, grouped, more: await Order.findAndCountAll({ include, ...options }) };
}

async function bought() {
  return Order.count({ include: [{ model: Customer, as: 'buyer' }] });
}

module.exports = { page, all, bought };
