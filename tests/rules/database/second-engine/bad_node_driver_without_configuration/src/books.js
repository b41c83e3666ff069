import { audit } from "./audit.js";
import { pool } from "./pool.js";

export async function books() {
  const { rows } = await pool.query("SELECT id, title FROM books LIMIT 50");
  return rows;
}

export async function addBook(title) {
  await pool.query("INSERT INTO books (title) VALUES ($1)", [title]);
  audit("added " + title);
}
