import pg from 'pg';
import { collect } from './collect.js';

const pool = new pg.Pool();

export async function listed({ sailor, skipper, column }) {
  const where = collect();
  if (sailor) {
    where.add(
      `EXISTS (SELECT 1 FROM crews c JOIN sailors s ON s.id = c.sailor_id
                WHERE c.boat_id = b.id AND s.name = ? AND s.${column} IS NULL)`,
      sailor,
    );
  }
  where.add('b.id IN (SELECT p.boat_no FROM papers p WHERE p.kept = ?)', true);
  where.add('NOT EXISTS (SELECT 1 FROM (SELECT boat_id AS no FROM crews) c WHERE c.no = b.id AND b.gone = ?)', 1);
  if (skipper) where.add('boats.id IN (SELECT boat_id FROM crews WHERE skipper = ?)', skipper);
  const { rows } = await pool.query(`SELECT b.id FROM boats b ${where.text()} LIMIT 50`, where.values);
  return rows;
}
