import postgres from 'postgres';

const sql = postgres('postgres://localhost/harbour');

export async function reserve(label: string) {
  const [berth] = await sql`INSERT INTO berths (label) VALUES (${label})`; // expect: query/nothing-returned
  return berth.id;
}

export async function release(id: number) {
  const rows = await sql`UPDATE berths SET taken = false WHERE id = ${id}`;
  return rows[0]; // expect: query/nothing-returned
}

export async function remove(id: number) {
  const result = await sql`DELETE FROM berths WHERE id = ${id}`;
  return result.count > 0;
}

export async function rename(id: number, label: string) {
  const [berth] = await sql`UPDATE berths SET label = ${label} WHERE id = ${id} RETURNING id, label`;
  return berth;
}
