const { Op } = require('sequelize');
const { Customer, Order } = require('./models');

async function page({ buyerIds }) {
  const where = {};
  if (buyerIds) {
    where.buyerId = { [Op.in]: buyerIds };
  }
  return Order.findAll({ where });
}

async function ofName(name) {
  const rows = await Customer.findAll({ where: { name }, attributes: ['id'], raw: true });
  return page({ buyerIds: rows.map((row) => row.id) });
}

async function ofAny(buyers) {
  const ids = buyers.map((item) => (typeof item === 'object' ? item.id : item));
  return page({ buyerIds: ids });
}

async function first(email) {
  const buyer = await Customer.findOne({ where: { email } });
  return buyer && Order.findOne({ where: { buyerId: buyer.id } });
}

module.exports = { page, ofName, ofAny, first };
