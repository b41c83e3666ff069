import Database from 'better-sqlite3'

const db = new Database('tools.db')
const newest = db.prepare('SELECT id, name FROM tools ORDER BY id DESC LIMIT ?')
const named = db.prepare('SELECT id, name FROM tools WHERE name = ?')

export const names = (limit: number): string[] =>
  (newest.get(limit) as { name: string }[]).map((tool) => tool.name) // expect: orm/row-as-mapping

export function idOf(name: string): number {
  const tool = named.all(name) as unknown as { id: number }
  return tool.id // expect: orm/row-as-mapping
}

export function add(name: string) {
  const made = db.prepare('INSERT INTO tools (name) VALUES (?)').run(name)
  return { id: made.lastID, name } // expect: orm/row-as-mapping
}

export function each(limit: number) {
  for (const tool of newest.get(limit) as { name: string }[]) { // expect: orm/row-as-mapping
    console.log(tool.name)
  }
}
