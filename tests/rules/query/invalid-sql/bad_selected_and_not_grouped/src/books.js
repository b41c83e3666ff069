const { Pool } = require('pg');

const pool = new Pool();

async function popular() {
  const { rows } = await pool.query(
    `SELECT b.id, b.title, count(l.reader) AS loans
       FROM books b
       LEFT JOIN loans l ON l.book_id = b.id
      GROUP BY b.title`, // expect: query/invalid-sql
  );
  return rows;
}

module.exports = { popular };
