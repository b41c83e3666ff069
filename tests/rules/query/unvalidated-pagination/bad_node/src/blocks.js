const { Pool } = require('pg');
const Database = require('better-sqlite3');

const pool = new Pool();
const db = new Database('quarry.db');

async function blocks(colour, limit, offset) {
  const sql = 'SELECT id, colour, mass FROM blocks WHERE colour = $1 ORDER BY id LIMIT $2 OFFSET $3';
  const { rows } = await pool.query(sql, [colour, limit, offset]); // expect: query/unvalidated-pagination
  return rows;
}

const carts = (limit) => db.prepare('SELECT id, load, driver FROM carts LIMIT ?').all(limit); // expect: query/unvalidated-pagination

module.exports = { blocks, carts };
