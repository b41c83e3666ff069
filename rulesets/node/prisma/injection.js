async function byTitle(db, words, limit) {
  // ruleid: query-injection-prisma
  await db.$queryRawUnsafe(`SELECT id FROM items WHERE title LIKE '%${words}%'`);
  // ruleid: query-injection-prisma
  await db.$queryRawUnsafe("SELECT id FROM items WHERE title = '" + words + "'");
  // ok: query-injection-prisma
  await db.$queryRaw`SELECT id FROM items WHERE title = ${words}`;
  const table = 'items';
  // ok: query-injection-prisma
  return db.$queryRawUnsafe(`SELECT count(*) FROM ${table}`);
}

const list = async (db, req) => {
  const { title } = req.query;
  // ruleid: query-injection-prisma
  const rows = await db.$queryRawUnsafe(`SELECT id FROM items WHERE title = '${title}'`);
  // ok: query-injection-prisma
  const first = await db.$queryRawUnsafe(`SELECT id FROM items LIMIT ${Number(req.query.limit)}`);
  await Promise.all(
    rows.map(async (id) => {
      // ok: query-injection-prisma
      await db.$queryRawUnsafe(`UPDATE items SET seen = 1 WHERE id = '${id}'`);
    }),
  );
  return [rows, first];
};

module.exports = { byTitle, list };
