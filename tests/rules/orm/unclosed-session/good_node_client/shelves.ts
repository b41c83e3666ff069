import type { Pool, PoolClient } from 'pg';

export class ShelfRepository {
  constructor(private readonly pool: Pool) {}

  async clear(id: number): Promise<boolean> {
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      const gone = await client.query('DELETE FROM copies WHERE shelf_id = $1', [id]);
      if (gone.rowCount === 0) {
        await client.query('ROLLBACK');
        return false;
      }
      await client.query('COMMIT');
      return true;
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    } finally {
      client.release();
    }
  }

  async rename(id: number, name: string): Promise<void> {
    let client: PoolClient | undefined;
    try {
      client = await this.pool.connect();
      await client.query('UPDATE shelves SET name = $1 WHERE id = $2', [name, id]);
    } finally {
      if (client) client.release();
    }
  }

  async move(id: number, room: string): Promise<void> {
    const client = await this.pool.connect();
    try {
      await client.query('UPDATE shelves SET room = $1 WHERE id = $2', [room, id]);
      client.release();
    } catch (error) {
      client.release(error as Error);
      throw error;
    }
  }

  async number(id: number): Promise<number> {
    const client = await this.pool.connect();
    const found = await client.query('SELECT no FROM shelves WHERE id = $1', [id]).catch(() => null);
    client.release();
    return found ? found.rows[0].no : 0;
  }

  async withClient<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    return work(client).finally(() => client.release());
  }

  async taken(): Promise<PoolClient> {
    const client = await this.pool.connect();
    await client.query("SET statement_timeout = '5s'");
    return client;
  }

  async handed(): Promise<void> {
    const client = await this.pool.connect();
    await lend(client);
  }
}

async function lend(client: PoolClient): Promise<void> {
  try {
    await client.query('UPDATE copies SET lent = true');
  } finally {
    client.release();
  }
}
