const orders = require('../repositories/orders');
const { inTransaction } = require('../unit');

async function place(values, texts, name) {
  return inTransaction(async (tx) => {
    const order = await orders.create(values, { tx });
    await orders.label(texts);
    await orders.rename(order.buyerId, name); // expect: orm/transaction-not-forwarded
    return order;
  });
}

module.exports = { place };
