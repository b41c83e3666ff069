import { Pool } from 'pg'
import type { DataSource } from 'typeorm'
import Database from 'better-sqlite3'

const pool = new Pool()
const db = new Database('lots.db')

export async function take(item: number, count: number): Promise<boolean> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    const { rows } = await client.query('SELECT count FROM stock WHERE item = $1 FOR UPDATE', [item])
    if (rows.length === 0 || rows[0].count < count) {
      return false // expect: orm/missing-commit
    }
    await client.query('UPDATE stock SET count = count - $1 WHERE item = $2', [count, item])
    await client.query('COMMIT')
    return true
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    client.release()
  }
}

export async function move(source: DataSource, from: number, to: number) {
  const runner = source.createQueryRunner()
  await runner.connect()
  await runner.startTransaction()
  try {
    await runner.query('UPDATE stock SET place = $1 WHERE place = $2', [to, from])
    await runner.commitTransaction()
  } catch (error) {
    console.error(error)
    return false // expect: orm/missing-commit
  } finally {
    await runner.release()
  }
  return true
}

export function count(item: number, seen: number) {
  db.exec('BEGIN')
  const row = db.prepare('SELECT count FROM stock WHERE item = ?').get(item) as { count: number }
  if (row.count !== seen) {
    throw new Error('counted again in between') // expect: orm/missing-commit
  }
  db.exec('COMMIT')
}
