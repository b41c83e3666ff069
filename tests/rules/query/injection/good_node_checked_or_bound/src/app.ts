import express from 'express';
import { Pool, escapeLiteral } from 'pg';
import postgres from 'postgres';
import { find, inState } from './orders';
import { validate } from './validate';

const app = express();
const pool = new Pool();
const sql = postgres('');
const COLUMNS: Record<string, string> = { new: 'created_at', price: 'total' };

app.get('/orders', async (req, res) => {
  const { sort = 'new', dir, q } = req.query;
  const column = COLUMNS[sort as string] ?? 'id';
  const direction = dir === 'asc' ? 'ASC' : 'DESC';
  const limit = Math.min(Number(req.query.limit) || 20, 100);
  const offset = parseInt(req.query.offset as string, 10);
  const { rows } = await pool.query(
    `SELECT id FROM orders WHERE title ILIKE $1 ORDER BY ${column} ${direction} LIMIT ${limit} OFFSET ${offset}`,
    [`%${q}%`],
  );
  await sql`SELECT id FROM orders WHERE title = ${q as string}`;
  await pool.query(`SELECT id FROM orders WHERE title = ${escapeLiteral(q as string)}`);
  res.json(rows);
});

app.get('/ids', async (req, res) => {
  const ids = String(req.query.ids).split(',').map(Number);
  const marks = ids.map((_, i) => `$${i + 1}`).join(', ');
  const { rows } = await pool.query(`SELECT id FROM orders WHERE id IN (${marks})`, [...ids]);
  res.json(rows);
});

app.get('/state/:state', async (req, res) => res.json(await inState(req.params.state)));
app.get('/sorted', validate, async (req, res) => res.json(await find(String(req.query.sort))));
app.listen(3000);
