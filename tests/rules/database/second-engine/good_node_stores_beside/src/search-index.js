import Database from "better-sqlite3";

const index = new Database("index.db");

export function audit(text) {
  index.prepare("INSERT INTO entries (text) VALUES (?)").run(text);
}
