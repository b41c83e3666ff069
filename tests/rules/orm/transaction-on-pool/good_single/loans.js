const { Pool } = require('pg');

const pool = new Pool({ max: 1 });

exports.lend = async function lend(copyId) {
  await pool.query('BEGIN');
  await pool.query('UPDATE copies SET lent = true WHERE id = $1', [copyId]);
  await pool.query('COMMIT');
};
