import { mkdirSync } from "node:fs";
import Database from "better-sqlite3";

mkdirSync("data", { recursive: true });
export const db = new Database("data/notes.db");
db.pragma("foreign_keys = ON");
