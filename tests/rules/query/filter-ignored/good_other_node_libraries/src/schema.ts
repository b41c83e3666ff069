import { integer, pgTable, text } from "drizzle-orm/pg-core";

export const buoys = pgTable("buoys", {
  id: integer("id").primaryKey(),
  colour: text("colour"),
  channel: text("channel"),
});
