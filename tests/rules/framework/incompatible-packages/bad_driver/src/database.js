import Database from 'better-sqlite3';
import { DataTypes, Sequelize } from 'sequelize';

export const sequelize = new Sequelize({
  dialect: 'sqlite',
  storage: 'harbour.db',
  dialectModule: Database,  // expect: framework/incompatible-packages
});

export const Ferry = sequelize.define('Ferry', { name: DataTypes.STRING });
