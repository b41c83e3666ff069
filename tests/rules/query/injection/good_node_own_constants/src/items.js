const mysql = require('mysql2/promise');

const pool = mysql.createPool(process.env.DATABASE_URL);
const TABLE = 'items';
const FIELDS = ['id', 'title', 'price'];

async function one(id) {
  const [rows] = await pool.query(`SELECT ${FIELDS.join(', ')} FROM ${TABLE} WHERE id = ${id}`);
  return rows[0];
}

async function list(filters) {
  const where = [];
  const values = [];
  for (const field of FIELDS) {
    if (filters[field]) {
      where.push(`${field} = ?`);
      values.push(filters[field]);
    }
  }
  const clause = where.length ? ` WHERE ${where.join(' AND ')}` : '';
  const [rows] = await pool.execute(`SELECT id FROM ${TABLE}${clause}`, values);
  return rows;
}

module.exports = { one, list };
