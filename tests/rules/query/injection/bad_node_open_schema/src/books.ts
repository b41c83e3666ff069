import Database from 'better-sqlite3'

const db = new Database('library.db')

interface Filter {
  limit: number
  author?: string
  sort?: string
}

export function listBooks(filter: Filter) {
  const where = filter.author ? 'WHERE author = @author' : ''
  return db
    .prepare(`SELECT id, title FROM books ${where} ORDER BY ${filter.sort ?? 'id'} LIMIT @limit`) // expect: query/injection
    .all(filter)
}

export function listLoans(page: { limit: number; order: string }) {
  return db
    .prepare(`SELECT id FROM loans ORDER BY ${page.order} LIMIT ?`) // expect: query/injection
    .all(page.limit)
}

export function listShelves(page: { limit: number; order: string }) {
  return db
    .prepare(`SELECT id FROM shelves ORDER BY ${page.order} LIMIT ?`) // expect: query/injection
    .all(page.limit)
}
