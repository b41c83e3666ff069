const { Pool } = require('pg');

const pool = new Pool();

async function lentTo(name) {
  const { rows } = await pool.query(
    `SELECT c.id, o.name AS owner
     FROM crates c JOIN members o ON o.id = c.owner_id
     WHERE EXISTS (
       SELECT 1 FROM loans l JOIN members b ON b.id = l.borrower_id
       WHERE l.crate_id = c.id AND b.name = $1
     )`,
    [name]
  );
  return rows;
}

async function ofOwner(name) {
  const { rows } = await pool.query(
    `SELECT c.id, o.name AS owner, b.name AS borrower
     FROM crates c
     JOIN members o ON o.id = c.owner_id
     JOIN loans l ON l.crate_id = c.id
     JOIN members b ON b.id = l.borrower_id
     WHERE o.name = $1`,
    [name]
  );
  return rows;
}

module.exports = { lentTo, ofOwner };
