const express = require('express');
const { Pool } = require('pg');
const { createContainer } = require('./container');

const app = express();
const container = createContainer({ url: process.env.DATABASE_URL });
let reports;

function reporting() {
  if (!reports) {
    reports = new Pool({ connectionString: process.env.REPORTS_URL });
  }
  return reports;
}

const tenants = new Map();
function poolOf(tenant) {
  const url = `postgresql://db/${tenant}`;
  return tenants.get(tenant) ?? new Pool({ connectionString: url });
}

async function once(work) {
  const pool = new Pool({ connectionString: process.env.DATABASE_URL });
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}

app.get('/docks', async (req, res) => {
  res.json(await container.docks.all());
});
app.get('/reports', async (req, res) => {
  const { rows } = await reporting().query('SELECT id FROM reports ORDER BY id LIMIT 20');
  res.json(rows);
});
app.get('/tenants/:name', async (req, res) => {
  const pool = new Pool({ connectionString: `postgresql://db/${req.params.name}` });
  const { rows } = await poolOf(req.params.name).query('SELECT 1 AS one');
  res.json([rows, pool.totalCount]);
});
app.post('/vacuum', async (req, res) => {
  await once((pool) => pool.query('VACUUM docks'));
  res.sendStatus(204);
});
app.listen(3000);
