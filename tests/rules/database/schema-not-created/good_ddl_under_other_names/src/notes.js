import { db } from "./db.js";

export function list() {
  return db.prepare("SELECT id, body FROM notes LIMIT 100").all();
}

export function tag(id, name) {
  return db.prepare("INSERT INTO tags (note_id, name) VALUES (?, ?)").run(id, name);
}
