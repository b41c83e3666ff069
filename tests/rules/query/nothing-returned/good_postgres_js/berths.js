import postgres from 'postgres';

const sql = postgres('postgres://localhost/harbour');

export async function reserve(label, more) {
  const [berth] = await sql`INSERT INTO berths (label) VALUES (${label}) RETURNING ${sql(more)}`;
  return berth.id;
}

export async function release(id) {
  const { count } = await sql`UPDATE berths SET taken = false WHERE id = ${id}`;
  const [berth] = await sql`SELECT id FROM berths WHERE id = ${id}`;
  return count ? berth : null;
}
