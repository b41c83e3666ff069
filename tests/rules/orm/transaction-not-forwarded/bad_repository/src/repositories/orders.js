const { Customer, Label, Order } = require('../models');

async function create(values, { tx } = {}) {
  return Order.create(values, { transaction: tx });
}

async function label(texts) {
  for (const text of texts) {
    await Label.findOrCreate({ where: { text } }); // expect: orm/transaction-not-forwarded
  }
}

async function rename(id, name, { tx } = {}) {
  await Customer.update({ name }, { where: { id }, transaction: tx });
}

module.exports = { create, label, rename };
