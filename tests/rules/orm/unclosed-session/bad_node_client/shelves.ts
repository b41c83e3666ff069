import type { Pool } from 'pg';

export class ShelfRepository {
  constructor(private readonly pool: Pool) {}

  async clear(id: number): Promise<boolean> {
    const client = await this.pool.connect(); // expect: orm/unclosed-session
    await client.query('BEGIN');
    const gone = await client.query('DELETE FROM copies WHERE shelf_id = $1', [id]);
    if (gone.rowCount === 0) {
      await client.query('ROLLBACK');
      return false;
    }
    await client.query('COMMIT');
    client.release();
    return true;
  }

  async rename(id: number, name: string): Promise<void> {
    const client = await this.pool.connect(); // expect: orm/unclosed-session
    await client.query('UPDATE shelves SET name = $1 WHERE id = $2', [name, id]);
    client.release();
  }

  async count(): Promise<number> {
    const client = await this.pool.connect(); // expect: orm/unclosed-session
    const { rows } = await client.query('SELECT count(*)::int AS total FROM shelves');
    return rows[0].total;
  }

  async move(id: number, room: string): Promise<void> {
    const client = await this.pool.connect(); // expect: orm/unclosed-session
    try {
      await client.query('UPDATE shelves SET room = $1 WHERE id = $2', [room, id]);
      client.release();
    } catch (error) {
      throw new Error(`shelf ${id} cannot be moved`, { cause: error });
    }
  }
}
