import pg from 'pg';

const pool = new pg.Pool();

export const store = {
  run: (text, values) => pool.query(text, values),
  async first(text, values) {
    const { rows } = await pool.query(text, values);
    return rows[0] ?? null;
  },
};
