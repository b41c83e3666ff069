const { Customer, Order, Label } = require('./models');

const WITH_BUYER = [{ model: Customer, as: 'customer' }]; // expect: orm/association-mismatch

function labelled() {
  return { model: Label, as: 'labels', include: [{ model: Customer, as: 'owner' }] }; // expect: orm/association-mismatch
}

async function recent() {
  return Order.findAll({ include: WITH_BUYER, limit: 20 });
}

async function byNumber(number) {
  return Order.findOne({
    where: { number },
    include: [Customer, labelled()], // expect: orm/association-mismatch
  });
}

async function namesOnly() {
  return Customer.findAll({ include: 'invoices' }); // expect: orm/association-mismatch
}

module.exports = { recent, byNumber, namesOnly };
