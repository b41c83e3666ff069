const orders = require('../repositories/orders');
const { Label } = require('../models');
const { inTransaction } = require('../unit');

async function place(values, texts) {
  await inTransaction(async (transaction) => {
    const context = { transaction };
    const order = await orders.create(values, context);
    await orders.label(order, texts, { tx: transaction });
    if ((await orders.count()) > 1000) throw new Error('full');
    transaction.afterCommit(() => Label.destroy({ where: { text: 'draft' } }));
  });
}

module.exports = { place };
