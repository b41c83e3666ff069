const { pool } = require('./db');

function toTree(row) {
  return {
    id: row.id,
    sort: row.sort,
    plantedAt: row.plantedAt,
    ripe: Boolean(row.ripe),
    note: row.note ?? '',
    fruit: row.fruit || [],
    yield: row.yield ? Number(row.yield) : null,
    owner: row.owner,
  };
}

async function findTree(id) {
  const { rows } = await pool.query(
    'SELECT id, sort, planted_at AS "plantedAt" FROM trees WHERE id = $1',
    [id],
  );
  if (!rows[0]) return null;
  rows[0].place = await place(rows[0].id);
  return { ...toTree(rows[0]), at: rows[0].place };
}

async function place(id) {
  const { rows } = await pool.query({ text: 'SELECT * FROM places WHERE tree_id = $1', values: [id] });
  return rows[0].name;
}

async function sorts() {
  const { rows } = await pool.query(
    'SELECT sort, owner, id, planted_at AS "plantedAt", count(*)::int AS total FROM trees GROUP BY 1, 2, 3, 4',
  );
  return rows.map(toTree);
}

module.exports = { findTree, sorts };
