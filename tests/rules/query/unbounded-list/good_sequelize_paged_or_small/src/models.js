import { DataTypes, Sequelize } from "sequelize";

export const sequelize = new Sequelize({ dialect: "sqlite", storage: "seeds.db" });
export const Seed = sequelize.define("Seed", {
  name: { type: DataTypes.STRING, unique: true },
  family: DataTypes.STRING,
  ownerId: DataTypes.INTEGER,
});
export const Climate = sequelize.define("Climate", { name: DataTypes.STRING });
export const Owner = sequelize.define("Owner", { name: DataTypes.STRING });
Seed.belongsTo(Owner, { as: "owner" });
Owner.hasMany(Seed, { as: "seeds" });
