const { pool } = require('./db'); // expect: startup/imported-before-set

async function listCrossings() {
  const [rows] = await pool.query('SELECT id, departs_at FROM crossings LIMIT 50');
  return rows;
}

module.exports = { listCrossings };
