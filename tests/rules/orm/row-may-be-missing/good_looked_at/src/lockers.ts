import { Pool } from 'pg'
import Database from 'better-sqlite3'

const pool = new Pool()
const db = new Database('keys.db')

interface Row {
  id: number
  owner_name: string | null
}

function toLocker(row: Row) {
  return { id: row.id, owner: row.owner_name }
}

const orNull = (row: Row | undefined) => (row ? toLocker(row) : null)

export async function byNumber(number: number): Promise<{ id: number } | null> {
  const { rows } = await pool.query<Row>('SELECT id, owner_name FROM lockers WHERE number = $1', [number])
  return rows[0] ? toLocker(rows[0]) : null
}

export async function byName(name: string): Promise<{ id: number } | null> {
  const { rows } = await pool.query<Row>('SELECT id, owner_name FROM lockers WHERE name = $1', [name])
  return orNull(rows[0])
}

export async function count(owner: string): Promise<number | null> {
  const { rows } = await pool.query('SELECT count(*) AS total FROM lockers WHERE owner_name = $1', [owner])
  return rows[0].total
}

export async function insert(owner: string): Promise<{ id: number } | null> {
  const { rows } = await pool.query('INSERT INTO lockers (owner_name) VALUES ($1) RETURNING id', [owner])
  return toLocker(rows[0])
}

export function ownerOf(id: number) {
  const row = db.prepare('SELECT owner_name FROM lockers WHERE id = ?').get(id) as Row | undefined
  return row?.owner_name
}
