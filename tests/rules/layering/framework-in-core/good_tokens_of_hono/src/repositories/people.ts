import { Pool } from 'pg';

const pool = new Pool();

export async function find(id: number) {
  const { rows } = await pool.query('SELECT id, name FROM people WHERE id = $1', [id]);
  return rows[0];
}
