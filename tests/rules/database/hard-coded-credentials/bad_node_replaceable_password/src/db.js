const mysql = require('mysql2/promise');

const pool = mysql.createPool({
  host: process.env.DB_HOST || 'db.tickets-and-more.io',
  user: 'tickets',
  password: process.env.DB_PASSWORD || 'gR7-krokus-19', // expect: database/hard-coded-credentials
  database: 'tickets',
});

module.exports = { list: () => pool.query('SELECT id FROM tickets LIMIT 10') };
