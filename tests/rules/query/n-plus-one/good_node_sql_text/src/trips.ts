import { Pool } from 'pg'

const pool = new Pool()

export async function page(limit: number) {
  const { rows } = await pool.query('SELECT id, driver FROM trips ORDER BY id LIMIT $1', [limit])
  const stops = await pool.query('SELECT trip_id, name FROM stops WHERE trip_id = ANY($1)', [
    rows.map((row) => row.id),
  ])
  return rows.map((row) => ({ ...row, stops: stops.rows.filter((stop) => stop.trip_id === row.id) }))
}

export async function settings() {
  const { rows } = await pool.query('SELECT id, name FROM sections ORDER BY id LIMIT 3')
  const found: Record<string, unknown> = {}
  for (const section of rows) {
    const held = await pool.query('SELECT key, value FROM settings WHERE section_id = $1', [section.id])
    found[section.name] = held.rows
  }
  return found
}

export async function drivers(names: string[]) {
  return Promise.all(names.map((name) => pool.query('SELECT id FROM drivers WHERE name = $1', [name])))
}

export async function close() {
  const { rows } = await pool.query('SELECT id FROM trips WHERE ended_at < now()')
  for (const trip of rows) {
    const { rows: bills } = await pool.query('SELECT id FROM bills WHERE trip_id = $1', [trip.id])
    await pool.query('UPDATE trips SET bills = $1 WHERE id = $2', [bills.length, trip.id])
  }
  return rows.length
}
