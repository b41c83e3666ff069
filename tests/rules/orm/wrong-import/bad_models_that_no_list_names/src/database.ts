import { Sequelize } from "sequelize-typescript";
import { Bed } from "./models/bed";
import { Plant } from "./models/plant";

export const sequelize = new Sequelize(process.env.DATABASE_URL!, {
  dialect: "postgres",
  models: [Plant, Bed],
});
