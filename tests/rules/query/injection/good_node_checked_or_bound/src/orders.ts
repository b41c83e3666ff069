import { Pool } from 'pg';

const pool = new Pool();
const STATES = new Set(['open', 'closed']);

export async function inState(state: string) {
  if (!STATES.has(state)) {
    throw new Error('unknown state');
  }
  return (await pool.query(`SELECT id FROM orders WHERE state = '${state}'`)).rows;
}

export async function find(sort: string) {
  return (await pool.query(`SELECT id FROM orders ORDER BY ${sort}`)).rows;
}
