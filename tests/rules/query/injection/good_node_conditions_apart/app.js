import express from 'express';
import pg from 'pg';
import { collect } from './collect.js';

const pool = new pg.Pool();
const app = express();
const ROLE = 'skipper';

app.get('/boats', async (req, res) => {
  const where = collect();
  where.add(`EXISTS (SELECT 1 FROM crews c WHERE c.boat_id = b.id AND c.role = '${ROLE}')`);
  where.add(`EXISTS (SELECT 1 FROM crews c WHERE c.boat_id = b.id AND c.sailor = ?)`, req.query.sailor);
  where.add(`EXISTS (SELECT 1 FROM crews c WHERE c.age > '${Number(req.query.age)}')`);
  const { rows } = await pool.query(`SELECT b.id FROM boats b ${where.text()} LIMIT 50`, where.values);
  res.json(rows);
});
app.listen(3000);
