const { Customer } = require('../models');

function named(name) {
  return Customer.findAll({ where: { name } });
}

async function byEmail(email) {
  return Customer.findOne({ where: { email } });
}

module.exports = { named, byEmail };
