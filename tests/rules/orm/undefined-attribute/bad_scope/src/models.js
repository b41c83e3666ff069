import { Sequelize, DataTypes } from 'sequelize';

export const sequelize = new Sequelize(process.env.DATABASE_URL, {
  dialect: 'postgres', define: { underscored: true },
});
export const Reader = sequelize.define(
  'Reader',
  { name: DataTypes.STRING, card: DataTypes.STRING },
  {
    defaultScope: { attributes: ['name'] },
    scopes: { carded: { attributes: ['card'] }, named: (name) => ({ where: { name } }) },
  }
);
export const Loan = sequelize.define('Loan', { title: DataTypes.STRING }, shared());
Reader.addScope('late', { where: { card: null } });
