import Database from 'better-sqlite3'

const db = new Database('fleet.db')

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

function shown(vans: Van[]) {
  return vans.map((van) => ({ ...van, stops: stopsOf([van.id]).get(van.id) ?? [] })) // expect: query/n-plus-one
}

export function vansWithStops() {
  const vans = db.prepare('SELECT id, plate FROM vans ORDER BY plate').all() as Van[]
  return shown(vans)
}
