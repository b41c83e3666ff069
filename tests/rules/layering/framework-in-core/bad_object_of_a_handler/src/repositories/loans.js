const { Pool } = require('pg');

const pool = new Pool();

exports.list = async (limit) => (await pool.query('SELECT id FROM loans LIMIT $1', [limit])).rows;
exports.read = async (id) => (await pool.query('SELECT id FROM loans WHERE id = $1', [id])).rows[0];
