import Database from 'better-sqlite3';

let db = null;
export let opened = null;

export function open(file) {
  db = new Database(file);
  opened = db;
}

export default db;
