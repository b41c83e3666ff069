import { store } from './store.js';

export async function add(label) {
  const made = await store.first('INSERT INTO boats (label) VALUES ($1)', [label]);
  return find(made.id); // expect: query/nothing-returned
}

export async function rename(id, label) {
  const { rows } = await store.run('UPDATE boats SET label = $2 WHERE id = $1', [id, label]);
  return rows[0]; // expect: query/nothing-returned
}

export async function sink(id) {
  const result = await store.run('DELETE FROM boats WHERE id = $1', [id]);
  if (!result.rows[0]) return null; // expect: query/nothing-returned
  return result.rows[0].label;
}

export const find = (id) => store.first('SELECT id, label FROM boats WHERE id = $1', [id]);
