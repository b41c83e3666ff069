import { Pool } from 'pg'

const pool = new Pool()

export interface Trip {
  id: number
  driver: string
}

const toTrip = (row: { id: number; driver: string }): Trip => ({ id: row.id, driver: row.driver })

export class TripRepository {
  async page(limit: number): Promise<{ trips: Trip[]; total: number }> {
    const { rows } = await pool.query('SELECT id, driver FROM trips ORDER BY id LIMIT $1', [limit])
    const counted = await pool.query('SELECT count(*) AS total FROM trips')
    return { trips: rows.map(toTrip), total: Number(counted.rows[0].total) }
  }

  async stopsOf(trip: number): Promise<string[]> {
    const { rows } = await pool.query('SELECT name FROM stops WHERE trip_id = $1', [trip])
    return rows.map((row) => row.name)
  }
}
