const { QueryTypes, Sequelize } = require('sequelize');

const sequelize = new Sequelize(process.env.DATABASE_URL);

function search(q) {
  const replacements = { limit: 10 };
  let where = '';
  if (q) {
    where = 'WHERE o.title LIKE :q';
    replacements.q = `%${q}%`;
  }
  return sequelize.query(
    `SELECT o.id, o.total::text, to_char(o.at, 'at :minutes') FROM orders o ${where} LIMIT :limit`,
    { replacements, type: QueryTypes.SELECT },
  );
}

async function byIds(ids) {
  return sequelize.transaction(async (transaction) => {
    await sequelize.query('SELECT id FROM orders WHERE id IN (:ids)', { replacements: { ids } });
    await sequelize.query('SELECT id FROM orders WHERE id IN (?) AND total > ?', {
      replacements: [ids, 3],
      transaction,
    });
    return sequelize.query('SELECT id FROM orders WHERE id = $1', { bind: [ids[0]], transaction });
  });
}

module.exports = { search, byIds };
