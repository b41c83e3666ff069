import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });

export class Visits {
  async seen(id) {
    try {
      await pool.query('UPDATE visits SET seen = seen + 1 WHERE id = $1', [id]);
    } catch (error) {
      console.error(error);
    }
  }

  async close(id) {
    await pool.query('UPDATE visits SET closed_at = now() WHERE id = $1', [id]);
  }

  async rename(id, name) {
    await pool.query('UPDATE visits SET name = $2 WHERE id = $1', [id, name]);
  }

  async first(id) {
    const found = await pool.query('SELECT id FROM visits WHERE id = $1', [id]);
    return found.rows[0];
  }
}
