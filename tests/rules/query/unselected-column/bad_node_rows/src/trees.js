const { pool } = require('./db');

function toTree(row) {
  return {
    id: row.id,
    sort: row.sort,
    plantedAt: row.plantedAt, // expect: query/unselected-column
  };
}

async function findTree(id) {
  const { rows } = await pool.query(
    'SELECT id, sort, planted_at AS plantedAt FROM trees WHERE id = $1',
    [id],
  );
  return rows[0] ? toTree(rows[0]) : null;
}

async function sorts() {
  const result = await pool.query('SELECT DISTINCT sort FROM trees ORDER BY sort');
  return result.rows.map((row) => row.name); // expect: query/unselected-column
}

module.exports = { findTree, sorts };
