const customers = require('../repositories/customers');

function isTaken(email) {
  return customers.exists(email) ? 'taken' : 'free'; // expect: orm/coroutine-not-awaited
}

async function nameOf(email) {
  return customers.byEmail(email).name; // expect: orm/coroutine-not-awaited
}

async function greet(email) {
  const customer = customers.byEmail(email); // expect: orm/coroutine-not-awaited
  if (!customer) throw new Error('unknown');
  return `Hello ${customer.name}`;
}

async function merged(id) {
  return [...customers.ordersOf(id)]; // expect: orm/coroutine-not-awaited
}

async function answer(req, res) {
  res.json({ orders: customers.ordersOf(req.params.id) }); // expect: orm/coroutine-not-awaited
}

module.exports = { isTaken, nameOf, greet, merged, answer };
