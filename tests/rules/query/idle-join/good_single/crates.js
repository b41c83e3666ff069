const { Pool } = require('pg');

const pool = new Pool();

async function lent(name) {
  const { rows } = await pool.query(
    `SELECT c.id FROM crates c
     JOIN members o ON o.id = c.owner_id
     JOIN loans l ON l.crate_id = c.id
     LEFT JOIN members b ON b.id = l.borrower_id
     WHERE o.name = $1`,
    [name]
  );
  return rows;
}

async function withLoans(name) {
  const { rows } = await pool.query(
    'SELECT c.id FROM crates c JOIN loans l ON l.crate_id = c.id WHERE c.name = $1',
    [name]
  );
  return rows;
}

async function nested(label) {
  const { rows } = await pool.query(
    'SELECT c.id FROM crates c JOIN crates o ON o.id = c.outer_id WHERE c.label = $1',
    [label]
  );
  return rows;
}

module.exports = { lent, nested, withLoans };
