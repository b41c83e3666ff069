import { DataTypes, Sequelize } from 'sequelize';

export const sequelize = new Sequelize('sqlite::memory:');
export const Loan = sequelize.define('Loan', { bookId: DataTypes.INTEGER, readerId: DataTypes.INTEGER });
