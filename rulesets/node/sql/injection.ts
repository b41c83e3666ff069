import axios from 'axios';
import Database from 'better-sqlite3';
import { sql } from 'drizzle-orm';
import express, { Request, Response } from 'express';
import { escape } from 'mysql2';
import { exec } from 'node:child_process';

import { cache, cy, db, pool, shell } from './database';
import { app as fastify } from './fastify';

const app = express();
const STATUSES = ['open', 'closed'];

app.get('/items', async (req: Request, res: Response) => {
  const { title, limit } = req.query;
  // ruleid: query-injection-node
  await db.query(`SELECT id FROM items WHERE title = '${title}'`);
  // ruleid: query-injection-node
  await db.query("SELECT id FROM items WHERE title = '" + title + "'");
  // ruleid: query-injection-node
  await db.query(`SELECT id FROM items WHERE title LIKE '%${req.query.words}%'`);
  // ruleid: query-injection-node
  await db.query(`SELECT id FROM items WHERE owner = ${req.params.id}`);
  const owner = req.body.owner;
  // ruleid: query-injection-node
  await pool.execute(`UPDATE items SET owner = '${owner}' WHERE id = 1`);
  // ok: query-injection-node
  await db.query('SELECT id FROM items WHERE title = $1', [title]);
  // ok: query-injection-node
  await db.query(`SELECT id FROM items LIMIT ${Number(limit)}`);
  // ok: query-injection-node
  await db.query(`SELECT id FROM items WHERE title = ${escape(title)}`);
  // ok: query-injection-node
  await db.query(`SELECT id FROM items WHERE title = '${String(title).length}'`);
  res.json({});
});

// a tagged template binds its values
app.get('/tagged', async (req, res) => {
  const { title } = req.query;
  // ok: query-injection-node
  await db.execute(sql`SELECT id FROM items WHERE title = ${title}`);
  // ok: query-injection-node
  await db.run(sql`SELECT id FROM items WHERE title LIKE '%${title}%'`);
  // ok: query-injection-node
  await db.query(sql`SELECT id FROM items WHERE title = ${req.query.title}`);
  res.json({});
});

app.get('/checked', async (req, res) => {
  const { status, key } = req.query;
  if (!STATUSES.includes(status)) {
    return res.sendStatus(400);
  }
  // ok: query-injection-node
  await db.query(`SELECT id FROM items WHERE status = '${status}'`);
  if (!/^\d+$/.test(key)) {
    return res.sendStatus(400);
  }
  // ok: query-injection-node
  await db.query(`SELECT id FROM items WHERE id = ${key}`);
  const id = Number(req.params.id);
  // ok: query-injection-node
  await db.query(`SELECT id FROM items WHERE id = ${id}`);
  const page = parseInt(req.query.page, 10);
  // ok: query-injection-node
  return res.json(await db.query(`SELECT id FROM items WHERE page = ${page}`));
});

// the schema makes a number of it
fastify.get('/items/:id', { schema: { params: { id: { type: 'integer' } } } }, async (request) => {
  const { id } = request.params;
  // ok: query-injection-node
  return db.query(`SELECT id FROM items WHERE id = ${id}`);
});

fastify.get('/titles/:title', { schema: {} }, async (request) => {
  const { title } = request.params;
  // ruleid: query-injection-node
  return db.query(`SELECT id FROM items WHERE title = '${title}'`);
});

// no SQL
app.get('/elsewhere', async (req, res) => {
  const { user, id } = req.query;
  // ok: query-injection-node
  await axios.get(`https://search.example/select?from=${user}&update=${id}`);
  // ok: query-injection-node
  await cache.get(`items:with:user=${user}`);
  // ok: query-injection-node
  cy.get(`[data-update="${id}"]`);
  // ok: query-injection-node
  shell.exec(`git log --with-user='${user}'`);
  // ok: query-injection-node
  exec(`psql --command "select id from items where owner = '${user}'"`);
  res.json({});
});

// other things called query, body and params
export async function migrate(options, migration) {
  const { name } = options.params;
  const { state } = migration.query;
  // ok: query-injection-node
  await db.query(`UPDATE migrations SET state = '${state}'`);
  // ok: query-injection-node
  await db.query(`INSERT INTO migrations (name) VALUES ('${name}')`);
}

// who calls these with what is not seen here: a warning
async function byTitle(words: string, limit: number) {
  // ruleid: query-injection-node-parameter
  await db.query(`SELECT id FROM items WHERE title LIKE '%${words}%'`);
  // ruleid: query-injection-node-parameter
  await db.query("SELECT id FROM items WHERE title = '" + words + "'");
  // ok: query-injection-node-parameter
  await db.query('SELECT id FROM items WHERE title = $1', [words]);
  // ok: query-injection-node-parameter
  await db.query(`SELECT id FROM items WHERE price > ${limit}`);
  const table = 'items';
  // ok: query-injection-node-parameter
  return db.query(`SELECT count(*) FROM ${table}`);
}

export const nextKey = async (sequence, sets, i) => {
  // ok: query-injection-node-parameter
  await db.query(`SELECT id FROM items WHERE key = nextval('${sequence}')`);
  // ok: query-injection-node-parameter
  await db.query(`UPDATE items SET ${sets.join(', ')} WHERE id = $${i}`);
  // ok: query-injection-node-parameter
  const rows = await db.query(`SELECT id FROM items WHERE status = '${STATUSES[0]}'`);
  await Promise.all(
    rows.map(async (id) => {
      // ok: query-injection-node-parameter
      await db.query(`UPDATE items SET seen = 1 WHERE id = '${id}'`);
    }),
  );
  // ok: query-injection-node-parameter
  await Promise.all(rows.map((id) => db.query(`DELETE FROM items WHERE id = '${id}'`)));
  // ok: query-injection-node-parameter
  return new Database(':memory:').prepare(sql`SELECT id FROM items WHERE id = '${i}'`);
};

module.exports = { byTitle };
