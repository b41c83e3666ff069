import { ORDER_COLUMNS, query } from './database.js';

export async function findOrders({ state, customer, limit = 20 }) {
  const where = [];
  const values = [];
  let n = 1;
  if (state) {
    where.push(`state = $${n++}`);
    values.push(state);
  }
  if (customer !== undefined) {
    where.push(`customer_id = $${n++}`);
  }
  const clause = where.length > 0 ? `WHERE ${where.join(' AND ')}` : '';
  values.push(limit);
  return query(`SELECT ${ORDER_COLUMNS} FROM orders ${clause} LIMIT $${n}`, values); // expect: query/parameter-count
}

export async function orderOf(id) {
  const { rows } = await query(
    'SELECT * FROM orders WHERE id = ?', // expect: query/parameter-count
    [id],
  );
  return rows[0];
}

export async function moveOrder(id) {
  const { rows } = await query('UPDATE orders SET state = $1 WHERE id = $2', [id]); // expect: query/parameter-count
  return rows[0];
}
