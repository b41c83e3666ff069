import pg from 'pg';

const pool = new pg.Pool();

export async function listed(filter: { berth?: string; length: number; colour?: string }) {
  const { rows } = await pool.query(
    `SELECT id, label FROM boats WHERE berth = '${filter.berth}' LIMIT 50`, // expect: query/injection
  );
  return rows;
}
