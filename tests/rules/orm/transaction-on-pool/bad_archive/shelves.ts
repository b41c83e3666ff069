import type { Pool } from 'pg';

export class ShelfRepository {
  constructor(private readonly pool: Pool) {}

  async clear(id: number): Promise<void> {
    await this.pool.query('BEGIN'); // expect: orm/transaction-on-pool
    try {
      await this.pool.query('DELETE FROM copies WHERE shelf_id = $1', [id]);
      await this.pool.query('UPDATE shelves SET cleared_at = now() WHERE id = $1', [id]);
      await this.pool.query('COMMIT');
    } catch (error) {
      await this.pool.query('ROLLBACK');
      throw error;
    }
  }
}
