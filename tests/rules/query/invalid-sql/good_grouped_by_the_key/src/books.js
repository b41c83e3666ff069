const { Pool } = require('pg');

const pool = new Pool();

async function popular() {
  const { rows } = await pool.query(
    `SELECT b.id, b.title, b.shelf, count(l.reader) AS loans
       FROM books b
       LEFT JOIN loans l ON l.book_id = b.id
      GROUP BY b.id`,
  );
  return rows;
}

async function shelves() {
  const { rows } = await pool.query('SELECT b.shelf, max(b.title) FROM books b GROUP BY b.shelf');
  return rows;
}

async function lent() {
  const { rows } = await pool.query(
    'SELECT b.title AS name, count(*) FROM books b JOIN loans l ON l.book_id = b.id GROUP BY name',
  );
  return rows;
}

module.exports = { popular, shelves, lent };
