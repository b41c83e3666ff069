const { Pool } = require('pg');
const { Sequelize } = require('sequelize');

const pool = new Pool({ host: 'db', user: 'tickets', password: 'tickets-dev', database: 'tickets' });
const orm = new Sequelize(process.env.DATABASE_URL || 'postgres://tickets:krokus@localhost/tickets');
const other = new Pool({ host: 'db.tickets-and-more.io', password: process.env.DB_PASSWORD });

module.exports = { orm, other, list: () => pool.query('SELECT id FROM tickets LIMIT 10') };
