const { Booking } = require('../models');

async function byId(id) {
  return Booking.findByPk(id);
}

function all() {
  return Booking.findAll();
}

module.exports = { byId, all };
