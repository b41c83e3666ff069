exports.up = (knex) =>
  knex.schema.createTable('jars', (table) => {
    table.increments('id');
    table.string('label');
  });

exports.down = (knex) => knex.schema.dropTable('jars');
