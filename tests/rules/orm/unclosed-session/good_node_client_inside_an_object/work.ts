import type { Pool, PoolClient } from 'pg';

export class Work {
  constructor(private readonly client: PoolClient) {}

  run(text: string) {
    return this.client.query(text);
  }

  async end() {
    await this.client.query('COMMIT');
    this.client.release();
  }
}

export async function begin(pool: Pool): Promise<Work> {
  const client = await pool.connect();
  const work = new Work(client);
  try {
    await work.run('BEGIN');
    return work;
  } catch (error) {
    client.release(error as Error);
    throw error;
  }
}
