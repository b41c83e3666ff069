export const SCHEMA = [ // expect: database/schema-not-created
  "CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, body TEXT NOT NULL)",
  "CREATE TABLE IF NOT EXISTS tags (note_id INTEGER NOT NULL REFERENCES notes(id), name TEXT NOT NULL)",
].join(";\n");
