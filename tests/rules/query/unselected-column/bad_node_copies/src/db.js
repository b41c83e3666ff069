const { Pool } = require('pg');

const pool = new Pool({ connectionString: process.env.DATABASE_URL });

async function one(text, values) {
  const { rows } = await pool.query(text, values);
  return rows[0] ?? null;
}

async function many(text, values) {
  const { rows } = await pool.query(text, values);
  return rows;
}

module.exports = { many, one };
