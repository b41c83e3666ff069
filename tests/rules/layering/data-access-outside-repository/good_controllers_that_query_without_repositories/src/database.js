const knex = require('knex');

module.exports = knex({ client: 'pg' });
