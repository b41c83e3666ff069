const express = require('express');
const { Pool } = require('pg');

const app = express();
const pool = new Pool();

async function wells({ region }) {
  const values = [];
  let text = 'SELECT id, name, depth, region FROM wells';
  if (region) {
    values.push(region);
    text += ` WHERE region = $${values.length}`;
  }
  const { rows } = await pool.query(`${text} ORDER BY id`, values); // expect: query/unbounded-list
  return rows;
}

app.get('/wells', async (req, res) => {
  const { region, limit, offset } = req.query;
  res.json(await wells({ region, limit: Number(limit) || 20, offset: Number(offset) || 0 }));
});

module.exports = app;
