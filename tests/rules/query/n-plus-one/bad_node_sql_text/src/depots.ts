import mysql from 'mysql2/promise'

const pool = mysql.createPool({ host: 'db' })

export async function depots() {
  const [rows] = await pool.query('SELECT id, name FROM depots')
  for (const depot of rows as { id: number; vans?: unknown }[]) {
    const [vans] = await pool.query('SELECT plate FROM vans WHERE depot_id = ?', [depot.id]) // expect: query/n-plus-one
    depot.vans = vans
  }
  return rows
}
