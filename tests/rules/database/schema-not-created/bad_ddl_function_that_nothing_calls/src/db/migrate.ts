import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type pg from "pg";

const FOLDER = new URL("../../migrations/", import.meta.url);

export async function applyMigrations(pool: pg.Pool): Promise<void> { // expect: database/schema-not-created
  await pool.query("CREATE TABLE IF NOT EXISTS applied (name TEXT PRIMARY KEY)");
  for (const name of (await readdir(fileURLToPath(FOLDER))).sort()) {
    await pool.query(await readFile(new URL(name, FOLDER), "utf8"));
  }
}

export async function lastMigration(pool: pg.Pool) {
  const { rows } = await pool.query("SELECT max(name) AS name FROM applied");
  return rows[0]?.name;
}
