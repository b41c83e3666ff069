const { Op } = require('sequelize');
const { Order } = require('../models');

async function page({ buyerIds }, limit) {
  const where = {};
  if (buyerIds) {
    where.buyerId = { [Op.in]: buyerIds }; // expect: orm/instance-in-filter
  }
  return Order.findAll({ where, limit });
}

async function ofBuyer(buyerId) {
  return Order.findAll({ where: { buyerId } }); // expect: orm/instance-in-filter
}

module.exports = { page, ofBuyer };
