const { sequelize, Book } = require('./db');

async function inTransaction(work) {
  const unit = await sequelize.transaction(); // expect: orm/missing-commit
  const result = await work(unit);
  await unit.commit();
  return result;
}

function replace(title) {
  return inTransaction(async (transaction) => {
    await Book.destroy({ where: { title }, transaction });
    return Book.create({ title }, { transaction });
  });
}

module.exports = { replace };
