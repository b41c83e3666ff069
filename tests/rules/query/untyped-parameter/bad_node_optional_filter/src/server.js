const express = require('express');
const { Pool } = require('pg');

const pool = new Pool();
const app = express();

app.get('/items', async (req, res) => {
  const { rows } = await pool.query(
    'SELECT id FROM items WHERE ($1 IS NULL OR state = $1)', // expect: query/untyped-parameter
    [req.query.state ?? null],
  );
  res.json(rows);
});
app.listen(3000);
