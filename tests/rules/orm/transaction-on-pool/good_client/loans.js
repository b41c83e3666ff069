const { Client, Pool } = require('pg');

const pool = new Pool();

async function lend(copyId, memberId) {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('INSERT INTO loans (copy_id, member_id) VALUES ($1, $2)', [copyId, memberId]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

async function createTables() {
  const client = new Client();
  await client.connect();
  await client.query('BEGIN');
  await client.query('CREATE TABLE loans (copy_id INTEGER, member_id INTEGER)');
  await client.query('COMMIT');
  await client.end();
}

async function within(db, work) {
  await db.query('BEGIN');
  await work(db);
  await db.query('COMMIT');
}

async function reset() {
  await pool.query('BEGIN; DELETE FROM loans; COMMIT');
}

module.exports = { lend, createTables, reset, clear: async () => within(await pool.connect(), reset) };
