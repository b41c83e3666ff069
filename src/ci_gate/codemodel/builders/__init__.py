"""Query builders of Node: Knex, Kysely and Drizzle."""
