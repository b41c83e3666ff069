import express from 'express';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
const app = express();

app.get('/moors', async (req, res) => {
  const { rows } = await pool.query('SELECT id, name FROM moors ORDER BY id LIMIT 20');
  res.json(rows.map((row) => ({ key: row._id, name: row.name }))); // expect: query/unselected-column
});
app.listen(3000);
