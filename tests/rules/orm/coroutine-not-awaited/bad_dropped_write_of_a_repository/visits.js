import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });

export class Visits {
  async close(id) {
    await pool.query('UPDATE visits SET closed_at = now() WHERE id = $1', [id]);
  }

  async remove(id) {
    await this.#within(async (client) => {
      await client.query('DELETE FROM notes WHERE visit_id = $1', [id]);
      await client.query('DELETE FROM visits WHERE id = $1', [id]);
    });
  }

  async #within(work) {
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      await work(client);
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    } finally {
      client.release();
    }
  }
}
