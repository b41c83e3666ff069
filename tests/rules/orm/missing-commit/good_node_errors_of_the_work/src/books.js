const { sequelize, Book } = require('./db');

async function inTransaction(work) {
  const unit = await sequelize.transaction();
  return work(unit).then(
    async (result) => {
      await unit.commit();
      return result;
    },
    async (error) => {
      await unit.rollback();
      throw error;
    },
  );
}

async function migrateTitles() {
  const unit = await sequelize.transaction();
  await Book.update({ title: 'Emma' }, { where: { title: 'emma' }, transaction: unit });
  await unit.commit();
}

function replace(title) {
  return inTransaction(async (transaction) => {
    await Book.destroy({ where: { title }, transaction });
    return Book.create({ title }, { transaction });
  });
}

module.exports = { replace, migrateTitles };
