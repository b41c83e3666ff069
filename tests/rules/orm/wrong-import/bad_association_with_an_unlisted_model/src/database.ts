import { Sequelize } from "sequelize-typescript";
import { Bed } from "./models/bed";

export const sequelize = new Sequelize(process.env.DATABASE_URL!, {
  dialect: "postgres",
  models: [Bed],
});
