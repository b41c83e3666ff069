import postgres from 'postgres';
import { Pool } from 'pg';

const sql = postgres(process.env.DATABASE_URL ?? '');
const pool = new Pool();

export async function list(author?: string) {
  const byAuthor = author ? sql`WHERE u.username = ${author}` : sql``;
  const columns = ['slug', 'author_id'] as const;
  await sql`SELECT ${sql(columns)} FROM articles`;
  return sql`
    SELECT a.slug, u.username AS author, count(f.user_id) AS uses
    FROM articles a
    JOIN users u ON u.id = a.author_id
    LEFT JOIN favorites f ON f.article_id = a.id
    ${byAuthor}
    GROUP BY a.id, u.username
    ORDER BY uses DESC
  `;
}

export async function tagsOf(id: number) {
  const { rows } = await pool.query(
    `WITH own AS (SELECT article_id AS id, count(*) AS marks FROM favorites GROUP BY article_id)
     SELECT own.marks, t.name FROM own, tags t WHERE own.id = $1`,
    [id],
  );
  return rows;
}
