exports.up = async function (knex) {
  await knex.schema.alterTable("users", (table) => {
    table.string("email", 120);
  });
  await knex("users").update({ email: "unknown@example.org" });
  await knex.schema.alterTable("users", (table) => {
    table.string("email", 120).notNullable().alter();
  });
  await knex.schema.createTable("notes", (table) => {
    table.increments("id");
  });
  await knex.schema.alterTable("notes", (table) => {
    table.text("body").notNullable();
  });
  if (!(await knex.schema.hasColumn("users", "phone"))) {
    await knex.schema.alterTable("users", (table) => {
      table.string("phone").notNullable();
    });
  }
};

exports.down = (knex) => knex.schema.alterTable("users", (table) => table.dropColumn("email"));
