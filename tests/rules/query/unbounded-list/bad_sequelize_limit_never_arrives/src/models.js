import { DataTypes, Sequelize } from "sequelize";

export const sequelize = new Sequelize({ dialect: "sqlite", storage: "seeds.db" });
export const Seed = sequelize.define("Seed", { name: DataTypes.STRING, ownerId: DataTypes.INTEGER });
export const Trade = sequelize.define("Trade", { note: DataTypes.STRING, open: DataTypes.BOOLEAN });
