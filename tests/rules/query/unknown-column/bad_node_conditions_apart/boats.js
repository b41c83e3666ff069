import pg from 'pg';
import { collect } from './collect.js';

const pool = new pg.Pool();

export async function listed({ sailor }) {
  const where = collect();
  if (sailor) {
    const text = 'EXISTS (SELECT 1 FROM crews c JOIN sailors s ON s.id = c.crew_id WHERE s.name = ?)'; // expect: query/unknown-column
    where.add(text, sailor);
  }
  const { rows } = await pool.query(`SELECT b.id FROM boats b ${where.text()} LIMIT 50`, where.values);
  return rows;
}
