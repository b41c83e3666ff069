import { Pool, type PoolClient } from 'pg'

const pool = new Pool()

export async function inTransaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    const result = await work(client)
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    client.release()
  }
}

export async function begin(client: PoolClient) {
  await client.query('BEGIN')
}

export async function guarded(client: PoolClient, item: number) {
  await client.query('BEGIN')
  const { rows } = await client.query('SELECT id FROM stock WHERE item = $1', [item])
  if (rows.length === 0) return null
  await client.query('COMMIT')
  return rows[0]
}

export async function dropped(item: number) {
  const client = await pool.connect()
  await client.query('BEGIN')
  try {
    await client.query('DELETE FROM stock WHERE item = $1', [item])
    await client.query('COMMIT')
  } catch (error) {
    client.release(true)
    throw error
  }
  client.release()
}
