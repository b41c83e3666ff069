import { Sequelize } from "sequelize-typescript";
import { Harvest } from "./models/harvest";
import { Picker } from "./models/picker";
import { Tree } from "./models/tree";

export const sequelize = new Sequelize(process.env.DATABASE_URL!, {
  dialect: "postgres",
  models: [Harvest, Picker, Tree],
});
