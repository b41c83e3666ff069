const { Pool } = require('pg');

const pool = new Pool();

exports.list = async (name) =>
  (await pool.query('SELECT id FROM fines WHERE name = $1 LIMIT 20', [name])).rows;
