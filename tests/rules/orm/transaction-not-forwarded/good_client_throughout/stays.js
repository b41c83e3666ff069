import { atomically, pool } from './db.js';
import { insertDog, insertNote } from './dogs.js';

async function rename(client, id, name) {
  await client.query('UPDATE dogs SET name = $2 WHERE id = $1', [id, name]);
}

export async function checkIn(name, text) {
  await insertDog('nobody');
  const id = await atomically(async (client) => {
    const free = await pool.query('SELECT free FROM kennels LIMIT 1');
    const made = await insertDog(name, client);
    await rename(client, made, `${name} ${free.rows[0].free}`);
    return made;
  });
  await insertNote(id, text);
  return id;
}

export async function checkOut(id) {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('DELETE FROM stays WHERE dog_id = $1', [id]);
    await client.query('COMMIT');
    await pool.query('UPDATE kennels SET free = free + 1');
  } catch (error) {
    await client.query('ROLLBACK');
    await insertNote(id, String(error));
    throw error;
  } finally {
    client.release();
  }
}
