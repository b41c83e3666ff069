const knex = require('knex');

const db = knex({ client: 'pg', connection: process.env.DATABASE_URL });

async function prepare() {
  if (!(await db.schema.hasTable('jars'))) {
    await db.schema.createTable('jars', (table) => {
      table.increments('id');
      table.string('label').notNullable();
    });
  }
}

module.exports = { db, prepare };
