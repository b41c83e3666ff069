import { pool } from './db.js';

export async function insertDog(name, db = pool) {
  const result = await db.query('INSERT INTO dogs (name) VALUES ($1) RETURNING id', [name]);
  return result.rows[0].id;
}

export async function insertNote(dogId, text) {
  await pool.query('INSERT INTO notes (dog_id, text) VALUES ($1, $2)', [dogId, text]);
}
