import { pool, query } from './database.js';

export async function find({ state, ids, customer, sort }) {
  const values = [];
  const bind = (value) => {
    values.push(value);
    return `$${values.length}`;
  };
  let sql = 'SELECT id FROM orders WHERE 1 = 1';
  if (state) sql += ` AND state = ${bind(state)}`;
  if (ids?.length) sql += ` AND id = ANY(${bind(ids)})`;
  customer && (sql += ` AND customer_id = ${bind(customer)}`);
  switch (sort) {
    case 'new':
    case 'newest':
      sql += ' ORDER BY created_at DESC';
      break;
    default:
      sql += ' ORDER BY id';
  }
  return (await pool.query(sql, values)).rows;
}

export async function byIds(ids, state) {
  if (ids.length === 0) return [];
  const marks = ids.map((_, i) => `$${i + 2}`).join(', ');
  return query(`SELECT id FROM orders WHERE state = $1 AND id IN (${marks})`, [state, ...ids]);
}

export async function change(id, fields) {
  const allowed = ['state', 'total'];
  const sets = [];
  const values = [];
  for (const name of allowed) {
    if (fields[name] !== undefined) {
      values.push(fields[name]);
      sets.push(`${name} = $${values.length}`);
    }
  }
  if (!sets.length) return null;
  values.push(id);
  return query(`UPDATE orders SET ${sets.join(', ')} WHERE id = $${values.length}`, values);
}

export async function addAll(rows) {
  const values = [];
  const tuples = rows.map((row, i) => {
    values.push(row.state, row.total);
    return `($${i * 2 + 1}, $${i * 2 + 2})`;
  });
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(`INSERT INTO orders (state, total) VALUES ${tuples.join(', ')}`, values);
    await client.query({ text: 'SELECT pg_notify($1, $2)', values: ['orders', 'added'] });
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}
