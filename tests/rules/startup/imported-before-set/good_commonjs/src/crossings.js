const { getPool, cache, pool } = require('./db');

async function listCrossings() {
  if (cache.has('crossings')) return cache.get('crossings');
  const db = pool ? pool : getPool();
  const [rows] = await db.query('SELECT id, departs_at FROM crossings LIMIT 50');
  cache.set('crossings', rows);
  return rows;
}

module.exports = { listCrossings };
