const { Pool } = require('pg');

const pool = new Pool();

const query = (text, values) => pool.query(text, values).then((result) => result.rows);

async function list(person) {
  const loans = await query('SELECT id FROM loans WHERE person = $1', [person]);
  return loans.map((loan) => loan.id);
}

async function both() {
  const found = await pool.query('SELECT 1 AS one; SELECT 2 AS two');
  return found.map((each) => each.rows[0]);
}

async function last(person) {
  const { rows: [loan], rowCount } = await pool.query('SELECT id FROM loans WHERE person = $1', [person]);
  return rowCount ? loan : null;
}

async function checked(person) {
  const result = await pool.query('SELECT id FROM loans WHERE person = $1', [person]);
  if (result.error) throw result.error;
  result.total = result.rows.length;
  return result;
}

module.exports = { list, both, last, checked };
