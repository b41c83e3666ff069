import { DataTypes, Sequelize } from 'sequelize';

export const sequelize = new Sequelize('sqlite::memory:');
export const Kiln = sequelize.define('Kiln', { name: DataTypes.STRING, heat: DataTypes.INTEGER });
