import { DataTypes, Model, Sequelize } from 'sequelize';

export const sequelize = new Sequelize(process.env.DATABASE_URL, { dialect: 'postgres' });

export class Plant extends Model {
  name = ''; // expect: orm/shadowed-attribute
  label() {
    return this.name;
  }
}

Plant.init({ name: DataTypes.STRING, label: DataTypes.STRING }, { sequelize, tableName: 'plants' });
