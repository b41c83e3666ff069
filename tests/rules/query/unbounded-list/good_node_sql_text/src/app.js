const express = require('express');
const { Pool } = require('pg');
const Database = require('better-sqlite3');

const app = express();
const pool = new Pool();
const db = new Database('wells.db');

async function wells({ region, limit, offset }) {
  const values = [];
  let text = 'SELECT id, name, depth, region FROM wells';
  if (region) {
    values.push(region);
    text += ` WHERE region = $${values.length}`;
  }
  values.push(limit, offset);
  text += ` ORDER BY id LIMIT $${values.length - 1} OFFSET $${values.length}`;
  const { rows } = await pool.query(text, values);
  return rows;
}

app.get('/wells', async (req, res) => {
  const { region, limit, offset } = req.query;
  res.json(await wells({ region, limit: Number(limit) || 20, offset: Number(offset) || 0 }));
});

app.get('/wells/:id', async (req, res) => {
  const { rows } = await pool.query('SELECT id, name, depth, region FROM wells WHERE id = $1', [req.params.id]);
  res.json(rows[0]);
});

app.get('/wells/:id/probes', async (req, res) => {
  const { rows } = await pool.query('SELECT id, ph, taken_at FROM probes WHERE well_id = $1', [req.params.id]);
  res.json(rows);
});

app.get('/depths', (req, res) => {
  const rows = db.prepare('SELECT region, MAX(depth) AS depth, COUNT(*) AS wells FROM wells GROUP BY region').all();
  const page = Number(req.query.page) || 1;
  res.json(rows.slice((page - 1) * 20, page * 20));
});

module.exports = app;
