import Database from 'better-sqlite3'

const db = new Database('tools.db')
const newest = db.prepare('SELECT id, name FROM tools ORDER BY id DESC LIMIT ?')
const named = db.prepare('SELECT id, name, length FROM tools WHERE name = ?')

db.exec('CREATE TABLE tools (id INTEGER PRIMARY KEY, name TEXT NOT NULL, length INTEGER)')

export const names = (limit: number): string[] =>
  (newest.all(limit) as { name: string }[]).map((tool) => tool.name)

export function lengthOf(name: string) {
  const tool = named.get(name) as { length: number; map: string } | undefined
  if (!tool) return null
  return tool.length
}

export function add(name: string) {
  const { lastInsertRowid, changes } = db.prepare('INSERT INTO tools (name) VALUES (?)').run(name)
  return changes > 0 ? { id: lastInsertRowid, name } : null
}

export function either(limit: number, one: boolean) {
  const found = one ? newest.get(limit) : newest.all(limit)
  return Array.isArray(found) ? found.map((tool) => tool) : found
}

export function filled(name: string) {
  const tool = named.get(name) as Record<string, unknown>
  const found: string[] = []
  for (const column in tool) if (tool[column] !== null) found.push(column)
  return found
}
