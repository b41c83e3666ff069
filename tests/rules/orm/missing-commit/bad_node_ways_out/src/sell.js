const { sequelize, Lot, Bid } = require('./models');

async function sell(id, buyer) {
  const t = await sequelize.transaction();
  try {
    const lot = await Lot.findByPk(id, { transaction: t, lock: t.LOCK.UPDATE });
    if (!lot) return null; // expect: orm/missing-commit
    await lot.update({ buyer }, { transaction: t });
    await t.commit();
    return lot;
  } catch (error) {
    await t.rollback();
    throw error;
  }
}

async function bid(lot, amount) {
  const t = await sequelize.transaction();
  try {
    const made = await Bid.create({ lot, amount }, { transaction: t });
    await t.commit();
    return made;
  } catch (error) {
    throw new Error(`no bid: ${error.message}`); // expect: orm/missing-commit
  }
}

async function close(id) {
  const t = await sequelize.transaction(); // expect: orm/missing-commit
  await Lot.update({ open: false }, { where: { id }, transaction: t });
  return Lot.findByPk(id);
}

module.exports = { sell, bid, close };
