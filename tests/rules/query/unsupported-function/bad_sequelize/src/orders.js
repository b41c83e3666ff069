const { col, fn } = require('sequelize');
const { Order } = require('./models');

function perDay() {
  return Order.findAll({
    attributes: [[fn('date_trunc', 'day', col('placedAt')), 'day']], // expect: query/unsupported-function
  });
}

module.exports = { perDay };
