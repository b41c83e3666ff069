const mysql = require('mysql2/promise');

const pool = mysql.createPool({ uri: process.env.DATABASE_URL });

async function find({ ids = [] }) {
  const marks = new Array(ids.length).fill('?').join(',');
  const [rows] = await pool.execute(`SELECT id FROM orders WHERE id IN (${marks})`, [...ids]);
  await pool.query('SELECT id FROM orders WHERE id IN (?)', [ids]);
  await pool.query('INSERT INTO seen SET ?', { at: 1 });
  await pool.execute('SELECT id FROM orders WHERE id = :id', { id: 1 });
  return rows;
}

module.exports = { find };
