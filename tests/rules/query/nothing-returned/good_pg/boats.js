import { store } from './store.js';

export async function add(label) {
  const made = await store.first('INSERT INTO boats (label) VALUES ($1) RETURNING id', [label]);
  return made.id;
}

export async function rename(id, label) {
  await store.run('UPDATE boats SET label = $2 WHERE id = $1', [id, label]);
  const { rows } = await store.run('SELECT id, label FROM boats WHERE id = $1', [id]);
  return rows[0];
}

export async function sink(id) {
  const { rowCount } = await store.run('DELETE FROM boats WHERE id = $1', [id]);
  return rowCount === 1;
}

export async function paint(id, colour, wanted) {
  let text = 'UPDATE boats SET colour = $2 WHERE id = $1';
  if (wanted) text += ' RETURNING id, colour';
  const { rows } = await store.run(text, [id, colour]);
  return rows[0];
}

export async function move(id, berth) {
  const { rows } = await store.run(
    'WITH moved AS (UPDATE boats SET berth = $2 WHERE id = $1 RETURNING id) SELECT id FROM moved',
    [id, berth],
  );
  return rows[0].id;
}

export async function log(id, columns) {
  const { rows } = await store.run(`INSERT INTO logs (boat) VALUES ($1) RETURNING ${columns}`, [id]);
  return rows[0];
}
