import { DataTypes, Sequelize } from "sequelize";

const sequelize = new Sequelize("sqlite::memory:");

export interface Line {
  day: number;
  sum: number;
}

export const Tally = sequelize.define("Tally", {
  day: { type: DataTypes.INTEGER, allowNull: false },
  lines: { type: DataTypes.JSON, allowNull: false },
}, { tableName: "tallies", timestamps: false });

export async function startDay(day: number, lines: Line[]) {
  await Tally.destroy({ where: { day } });
  await Tally.create({ day, lines: [] });
}
