import { DataTypes, Sequelize } from 'sequelize';

export const sequelize = new Sequelize('sqlite::memory:');
export const Loan = sequelize.define('Loan', { note: DataTypes.STRING });
export const Label = sequelize.define('Label', { text: DataTypes.STRING });
Loan.belongsToMany(Label, { as: 'labels', through: 'loan_labels' });
