import express from 'express';
import { Pool } from 'pg';
import { begin } from './work.js';

const pool = new Pool();
const app = express();

app.post('/shelves', async (req, res) => {
  const work = await begin(pool);
  await work.run('INSERT INTO shelves DEFAULT VALUES');
  await work.end();
  res.sendStatus(201);
});

app.listen(3000);
