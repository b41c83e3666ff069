import Database from "better-sqlite3";

const log = new Database("audit.db"); // expect: database/second-engine

export function audit(text) {
  log.prepare("INSERT INTO entries (text) VALUES (?)").run(text);
}
