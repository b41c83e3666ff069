import pg from 'pg';

const pool = new pg.Pool();

export async function listed(filter: { berth?: string; length: number; colour?: string }) {
  const { rows } = await pool.query(
    `SELECT id, label FROM boats
      WHERE length > ${filter.length} AND colour = '${filter.colour}' AND berth = $1 LIMIT 50`,
    [filter.berth],
  );
  return rows;
}
