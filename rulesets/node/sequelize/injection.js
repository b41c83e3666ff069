async function byTitle(db, words, limit) {
  // ruleid: query-injection-sequelize
  await db.query(`SELECT id FROM items WHERE title LIKE '%${words}%'`);
  // ruleid: query-injection-sequelize
  await db.query("SELECT id FROM items WHERE title = '" + words + "'");
  // ok: query-injection-sequelize
  await db.query('SELECT id FROM items WHERE title = :words', { replacements: { words } });
  const table = 'items';
  // ok: query-injection-sequelize
  return db.query(`SELECT count(*) FROM ${table}`);
}

const list = async (db, req) => {
  const { title } = req.query;
  // ruleid: query-injection-sequelize
  const rows = await db.query(`SELECT id FROM items WHERE title = '${title}'`);
  // ok: query-injection-sequelize
  const first = await db.query(`SELECT id FROM items LIMIT ${Number(req.query.limit)}`);
  await Promise.all(
    rows.map(async (id) => {
      // ok: query-injection-sequelize
      await db.query(`UPDATE items SET seen = 1 WHERE id = '${id}'`);
    }),
  );
  return [rows, first];
};

module.exports = { byTitle, list };
