const { sequelize } = require('./models');

async function owners(title) {
  const rows = await sequelize.query( // expect: orm/mistaken-result
    'SELECT owner FROM "Stalls" WHERE title = :title',
    { replacements: { title } },
  );
  return rows.map((row) => row.owner);
}

async function total() {
  const rows = await sequelize.query('SELECT count(*) AS total FROM "Stalls"'); // expect: orm/mistaken-result
  return Number(rows[0].total);
}

module.exports = { owners, total };
