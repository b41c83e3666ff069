import Database from "better-sqlite3";

const log = new Database(":memory:");

export function audit(text) {
  log.prepare("INSERT INTO entries (text) VALUES (?)").run(text);
}
