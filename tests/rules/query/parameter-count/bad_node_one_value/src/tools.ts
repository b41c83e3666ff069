import Database from 'better-sqlite3'

const db = new Database('tools.db')

export function ofOwner(id: number, owner: string | null) {
  return db.prepare('SELECT id FROM tools WHERE id = ? AND owner = ?').get(id) // expect: query/parameter-count
}

export function named(name: string) {
  const wanted = `%${name}%`
  return db.prepare('SELECT id FROM tools').all(wanted) // expect: query/parameter-count
}
