const { Pool } = require('pg');
const reports = require('./reports');
const settings = require('./settings');

const pool = new Pool({ host: settings.host, user: 'tickets', password: settings.password, database: 'tickets' });

module.exports = {
  reports,
  list: async () => (await pool.query('SELECT id FROM tickets LIMIT 10')).rows,
};
