const mysql = require('mysql2/promise');

let pool;

async function connect() {
  pool = mysql.createPool(process.env.DATABASE_URL);
  await pool.query('SELECT 1');
}

module.exports = { pool, connect };
