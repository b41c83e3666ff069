const { sequelize, Label, Order } = require('./models');

async function relabel(id, texts) {
  const t = await sequelize.transaction();
  try {
    const order = await Order.findByPk(id, { transaction: t });
    const labels = await Label.findAll({ where: { text: texts }, transaction: t });
    await order.setLabels(labels); // expect: orm/transaction-not-forwarded
    await order.update({ placedAt: new Date() }, { transaction: t });
    await t.commit();
  } catch (error) {
    await t.rollback();
    throw error;
  }
  await Label.destroy({ where: { text: '' } });
}

module.exports = { relabel };
