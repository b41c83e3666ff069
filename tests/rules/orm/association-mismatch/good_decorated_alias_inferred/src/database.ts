import { Sequelize } from "sequelize-typescript";
import { Person } from "./models/person";
import { Letter } from "./models/letter";

export const sequelize = new Sequelize(process.env.DATABASE_URL!, {
  dialect: "postgres",
  models: [Letter, Person],
});
