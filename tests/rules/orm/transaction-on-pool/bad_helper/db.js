const { Pool } = require('pg');

const pool = new Pool({ max: 10 });

module.exports = { query: (text, values) => pool.query(text, values) };
