import sqlite3 from 'sqlite3';
import { DataTypes, Sequelize } from 'sequelize';

export const sequelize = new Sequelize({
  dialect: 'sqlite',
  storage: 'harbour.db',
  dialectModule: sqlite3,
});

export const Ferry = sequelize.define('Ferry', { name: DataTypes.STRING });
