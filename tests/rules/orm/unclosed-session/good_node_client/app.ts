import express from 'express';
import { Pool } from 'pg';
import { ShelfRepository } from './shelves.js';

const pool = new Pool();
const shelves = new ShelfRepository(pool);
const app = express();

app.delete('/shelves/:id', async (req, res) => {
  const id = Number(req.params.id);
  await shelves.clear(id);
  await shelves.rename(id, String(await shelves.number(id)));
  await shelves.move(id, 'A');
  await shelves.withClient((client) => client.query('SELECT 1'));
  await shelves.handed();
  const client = await shelves.taken();
  client.release();
  res.sendStatus(204);
});

async function start() {
  const client = await pool.connect();
  await client.query('SELECT 1');
  client.release();
  app.listen(3000);
}

start();
