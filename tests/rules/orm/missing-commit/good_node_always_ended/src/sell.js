const { sequelize, Lot, Bid } = require('./models');
const knex = require('knex')({ client: 'pg' });

async function sell(id, buyer) {
  const t = await sequelize.transaction();
  try {
    const lot = await Lot.findByPk(id, { transaction: t });
    if (!lot) {
      await t.rollback();
      return null;
    }
    if (lot.buyer) throw new Error('sold already');
    await lot.update({ buyer }, { transaction: t });
    await t.commit();
    return lot;
  } catch (error) {
    if (!t.finished) await t.rollback();
    throw error;
  }
}

async function bid(lot, amount) {
  return sequelize.transaction(async (t) => Bid.create({ lot, amount }, { transaction: t }));
}

async function begin() {
  const transaction = await sequelize.transaction();
  return { transaction, at: Date.now() };
}

async function within(work) {
  const t = await sequelize.transaction();
  let done = false;
  try {
    const result = await work(t);
    await t.commit();
    done = true;
    return result;
  } finally {
    if (!done) await t.rollback();
  }
}

async function maybe(id, outer) {
  let t = outer;
  if (!outer) t = await sequelize.transaction();
  const lot = await Lot.findByPk(id, { transaction: t });
  if (!outer) await t.commit();
  return lot;
}

async function finish(t, ok) {
  if (ok) await t.commit();
  else await t.rollback();
}

async function helped(id) {
  const t = await sequelize.transaction();
  const [count] = await Lot.update({ open: false }, { where: { id }, transaction: t });
  await finish(t, count > 0);
  return count;
}

async function chained(id) {
  const t = await sequelize.transaction();
  return Lot.destroy({ where: { id }, transaction: t }).then(
    () => t.commit(),
    () => t.rollback(),
  );
}

async function rows(id) {
  const trx = await knex.transaction();
  try {
    const found = await trx('lots').where({ id });
    await knex('bids').transacting(trx).where({ lot: id }).del();
    await trx.commit();
    return found;
  } catch (error) {
    await trx.rollback(error);
    throw error;
  }
}

module.exports = { sell, bid, begin, within, maybe, helped, chained, rows };
