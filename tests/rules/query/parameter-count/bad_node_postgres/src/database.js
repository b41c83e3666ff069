import pg from 'pg';

const pool = new pg.Pool();

export const query = (text, values) => pool.query(text, values);

export const ORDER_COLUMNS = ['id', 'state', 'total'].join(', ');
