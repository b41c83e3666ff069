const customers = require('../repositories/customers');
const orders = require('../repositories/orders');

async function ofName(name) {
  const buyerIds = await customers.named(name);
  return orders.page({ buyerIds }, 20);
}

async function ofEmail(email) {
  const buyer = await customers.byEmail(email);
  return orders.ofBuyer(buyer);
}

module.exports = { ofName, ofEmail };
