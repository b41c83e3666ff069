const db = require('./db');

async function lend(copyId, memberId) {
  await db.query('START TRANSACTION'); // expect: orm/transaction-on-pool
  await db.query('INSERT INTO loans (copy_id, member_id) VALUES ($1, $2)', [copyId, memberId]);
  await db.query('UPDATE copies SET lent = true WHERE id = $1', [copyId]);
  await db.query('COMMIT');
}

module.exports = { lend };
