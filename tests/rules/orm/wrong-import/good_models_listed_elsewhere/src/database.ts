import { Sequelize } from "sequelize-typescript";
import { Bed } from "./models/bed";
import { LATER } from "./later";
import { Plant } from "./models/plant";

const MODELS = [Plant, ...LATER];
export const sequelize = new Sequelize(process.env.DATABASE_URL!, {
  dialect: "postgres",
  models: MODELS,
});

sequelize.addModels([Bed]);
