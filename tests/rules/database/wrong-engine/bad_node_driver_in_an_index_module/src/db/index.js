import Database from "better-sqlite3";

export const db = new Database("library.db"); // expect: database/wrong-engine
db.exec("CREATE TABLE IF NOT EXISTS books (id INTEGER PRIMARY KEY, title TEXT)");
