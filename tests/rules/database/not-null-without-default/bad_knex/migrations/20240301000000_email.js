exports.up = async function (knex) {
  await knex.schema.alterTable("users", (table) => {
    table.string("email", 120).notNullable().unique(); // expect: database/not-null-without-default error
    table.boolean("active").notNullable().defaultTo(true);
    table.string("name", 200).notNullable().alter();
    table.string("nickname");
  });
};

exports.down = (knex) => knex.schema.alterTable("users", (table) => table.dropColumn("email"));
