const { Customer } = require('../models');

async function update(id, changes) {
  await Customer.update(changes, { where: { id } });
}

async function byMail(mail) {
  return Customer.findOne({ where: { mail } }); // expect: orm/undefined-attribute
}

async function add({ email, fullName }) {
  return Customer.create({ email, fullName }); // expect: orm/undefined-attribute
}

module.exports = { update, byMail, add };
