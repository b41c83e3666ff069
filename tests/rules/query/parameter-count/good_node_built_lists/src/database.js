import pg from 'pg';

export const pool = new pg.Pool();

export function query(text, values = []) {
  return new Promise((resolve, reject) => {
    pool.query(text, values, (error, result) => (error ? reject(error) : resolve(result)));
  });
}
