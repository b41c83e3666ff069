import { atomically, pool } from './db.js';
import { insertDog, insertNote } from './dogs.js';

export async function checkIn(name, text) {
  return atomically(async (client) => {
    const id = await insertDog(name); // expect: orm/transaction-not-forwarded
    await client.query('INSERT INTO stays (dog_id) VALUES ($1)', [id]);
    await insertNote(id, text); // expect: orm/transaction-not-forwarded
    await pool.query('UPDATE kennels SET free = free - 1'); // expect: orm/transaction-not-forwarded
    return id;
  });
}

export async function checkOut(id) {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('DELETE FROM stays WHERE dog_id = $1', [id]);
    await pool.query('UPDATE kennels SET free = free + 1'); // expect: orm/transaction-not-forwarded
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
