import { Pool } from 'pg'

const pool = new Pool()

export async function byNumber(id: number) {
  const { rows } = await pool.query('SELECT id, owner_name FROM lockers WHERE id = $1', [id])
  return { id: rows[0].id, owner: rows[0].owner_name }
}

export async function ownerOf(id: number) {
  const { rows } = await pool.query('SELECT owner_name FROM lockers WHERE id = $1', [id])
  if (rows.length === 0) return undefined
  return rows[0].owner_name
}

export async function nickname(id: number): Promise<string | null> {
  const { rows } = await pool.query('SELECT nickname FROM lockers WHERE id = $1', [id])
  return rows[0].nickname
}
