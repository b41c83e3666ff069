const { Pool } = require('pg');

const pool = new Pool();

const query = (label) => pool.query('SELECT value FROM settings WHERE label = $1', [label]);

async function rethrown() {
  try {
    return (await query('open')).rows;
  } catch (error) {
    throw new Error('no settings', { cause: error });
  }
}

async function handedOn() {
  try {
    return query('open');
  } catch {
    return null;
  }
}

async function before() {
  const found = await query('open');
  try {
    return found.rows[0].value;
  } catch {
    return null;
  }
}

module.exports = { rethrown, handedOn, before };
