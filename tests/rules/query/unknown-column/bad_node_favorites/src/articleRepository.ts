import { Pool } from 'pg';

interface Filters {
  favorited?: string;
}

export class ArticleRepository {
  constructor(private readonly pool: Pool) {}

  async list(filters: Filters) {
    const conditions: string[] = [];
    const values: unknown[] = [];
    if (filters.favorited) {
      values.push(filters.favorited);
      conditions.push(`f.username = $${values.length}`); // expect: query/unknown-column
    }
    const where = conditions.length ? `WHERE ${conditions.join(' AND ')}` : '';
    const { rows } = await this.pool.query(
      `SELECT a.id, a.slug FROM articles a LEFT JOIN favorites f ON f.article_id = a.id ${where}`,
      values,
    );
    return rows;
  }
}
