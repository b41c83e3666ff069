import postgres from 'postgres';

const sql = postgres(process.env.DATABASE_URL ?? '');

export async function popularTags() {
  return sql`
    SELECT t.name, t.uses -- expect: query/unknown-column
    FROM tags t
    WHERE t.id > ${10}
    ORDER BY t.name
  `;
}
