import { DataTypes, Model, Sequelize } from 'sequelize';

export const sequelize = new Sequelize(process.env.DATABASE_URL!, { dialect: 'postgres' });

export class Plant extends Model {
  static shade = 'half';
  public id!: number; // expect: orm/shadowed-attribute
  name!: string;
  declare height: number | null;
}

Plant.init(
  {
    id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
    name: { type: DataTypes.STRING, allowNull: false },
    height: DataTypes.INTEGER,
    shade: DataTypes.STRING,
  },
  { sequelize, tableName: 'plants' }
);
