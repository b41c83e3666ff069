import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });

export async function openBerth(name) {
  const result = await pool.query(
    'INSERT INTO berths (name) VALUES ($1) RETURNING id', // expect: query/left-out-column
    [name],
  );
  return result.rows[0].id;
}
