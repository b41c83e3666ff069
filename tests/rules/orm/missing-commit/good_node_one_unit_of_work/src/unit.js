const { Pool } = require('pg');

const pool = new Pool({ connectionString: process.env.DATABASE_URL });

function unitOfWork() {
  let client;

  const begin = async () => {
    if (client) return;
    client = await pool.connect();
    await client.query('BEGIN');
  };

  const commit = async () => {
    await client.query('COMMIT');
    client.release();
  };

  const rollback = async () => {
    await client.query('ROLLBACK');
    client.release();
  };

  const run = (text, values) => client.query(text, values);

  return { begin, commit, rollback, run };
}

module.exports = { unitOfWork };
