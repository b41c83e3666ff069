import Database from 'better-sqlite3'

const db = new Database('fleet.db')
const byId = db.prepare('SELECT id, plate FROM vans WHERE id = ?')

interface Van {
  id: number
  plate: string
}

function stopsOf(ids: number[]): Map<number, string[]> {
  const found = new Map<number, string[]>(ids.map((id) => [id, []]))
  const marks = ids.map(() => '?').join(', ')
  const rows = db.prepare(`SELECT van_id, name FROM stops WHERE van_id IN (${marks})`).all(...ids) as {
    van_id: number
    name: string
  }[]
  for (const row of rows) found.get(row.van_id)!.push(row.name)
  return found
}

export function vansWithStops() {
  const vans = db.prepare('SELECT id, plate FROM vans ORDER BY plate').all() as Van[]
  const stops = stopsOf(vans.map((van) => van.id))
  return vans.map((van) => ({ ...van, stops: stops.get(van.id) ?? [] }))
}

export function one(id: number) {
  return [byId.get(id) as Van].map((van) => ({ ...van, stops: stopsOf([van.id]).get(van.id) ?? [] }))
}
