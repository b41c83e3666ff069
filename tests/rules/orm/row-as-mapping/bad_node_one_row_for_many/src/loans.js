const { Pool } = require('pg');

const pool = new Pool();

async function open() {
  return pool.query('SELECT id, tool_id FROM loans WHERE returned_at IS NULL');
}

async function list(person) {
  const loans = await pool.query('SELECT id FROM loans WHERE person = $1', [person]);
  return loans.map((loan) => loan.id); // expect: orm/row-as-mapping
}

async function tools() {
  const found = await open();
  return found[0]; // expect: orm/row-as-mapping
}

async function last(person) {
  const [rows] = await pool.query('SELECT id FROM loans WHERE person = $1', [person]); // expect: orm/row-as-mapping
  return rows[0];
}

module.exports = { list, tools, last };
