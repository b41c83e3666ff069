import Database from 'better-sqlite3'

const db = new Database('tools.db')

export function ofOwner(values: [number, string]) {
  return db.prepare('SELECT id FROM tools WHERE id = ? AND owner = ?').get(values)
}

export function found(key) {
  return db.prepare('SELECT id FROM tools WHERE id = ? AND owner = ?').get(key)
}

export function one(id: number) {
  return db.prepare('SELECT id FROM tools WHERE id = ?').get(id)
}

export function either(id: number | number[]) {
  return db.prepare('SELECT id FROM tools WHERE id IN (?, ?)').all(id)
}
