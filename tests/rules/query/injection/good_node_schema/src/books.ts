import Database from 'better-sqlite3'

const db = new Database('library.db')

export function list(sort: string) {
  return db.prepare(`SELECT id, title FROM books ORDER BY ${sort} LIMIT 20`).all()
}
