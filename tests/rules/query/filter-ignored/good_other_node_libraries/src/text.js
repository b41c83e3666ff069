import pg from "pg";
import postgres from "postgres";
import sqlite3 from "sqlite3";

const pool = new pg.Pool();
const sql = postgres(process.env.DATABASE_URL);
const db = new sqlite3.Database("wharf.db");

export async function cranes(filters) {
  const clauses = [];
  const values = [];
  const add = (clause, value) => {
    values.push(value);
    clauses.push(clause.replace("?", `$${values.length}`));
  };
  if (filters.dock) add("dock = ?", filters.dock);
  if (filters.maker) add("maker = ?", filters.maker);
  let text = "SELECT id, dock, maker FROM cranes";
  if (clauses.length) text += ` WHERE ${clauses.join(" AND ")}`;
  return (await pool.query({ text, values })).rows;
}

export const berths = (depth) => sql`SELECT id, depth, dock FROM berths WHERE depth >= ${depth}`;

export function pilots(name, rank) {
  return new Promise((resolve, reject) => {
    db.all("SELECT id, name, rank FROM pilots WHERE name = ? AND rank = ?", [name, rank], (error, rows) =>
      error ? reject(error) : resolve(rows),
    );
  });
}
