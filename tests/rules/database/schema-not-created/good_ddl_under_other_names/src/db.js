import { mkdirSync } from "node:fs";
import Database from "better-sqlite3";
import prepare from "./schema.js";
mkdirSync("data", { recursive: true });
export const db = new Database("data/notes.db");
db.pragma("foreign_keys = ON");
prepare(db);
