import express from 'express';
import pg from 'pg';

const app = express();
app.get('/docks', async (req, res) => {
  const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });  // expect: database/engine-per-request
  const { rows } = await pool.query('SELECT id, name FROM docks ORDER BY id LIMIT 20');
  res.json(rows);
});
app.listen(3000);
