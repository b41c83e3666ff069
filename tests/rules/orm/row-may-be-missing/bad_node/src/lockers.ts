import { Pool } from 'pg'
import Database from 'better-sqlite3'

const pool = new Pool()
const db = new Database('keys.db')

interface Row {
  id: number
  owner_name: string | null
}

export interface Locker {
  id: number
  owner: string
}

function toLocker(row: Row): Locker {
  return { id: row.id, owner: row.owner_name === null ? 'nobody' : row.owner_name }
}

export async function byNumber(number: number): Promise<Locker | null> {
  const { rows } = await pool.query<Row>('SELECT id, owner_name FROM lockers WHERE number = $1', [number])
  return toLocker(rows[0]!) // expect: orm/row-may-be-missing
}

export function ownerOf(id: number) {
  const row = db.prepare('SELECT owner_name FROM lockers WHERE id = ?').get(id) as Row
  return { id, owner: row.owner_name } // expect: orm/row-may-be-missing
}
