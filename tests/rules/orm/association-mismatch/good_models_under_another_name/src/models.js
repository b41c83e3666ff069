import { DataTypes, Sequelize } from 'sequelize';

export function openPantry(storage) {
  const sequelize = new Sequelize({ dialect: 'sqlite', storage });
  const Jar = sequelize.define('Jar', { content: DataTypes.STRING });
  const Shelf = sequelize.define('Shelf', { label: DataTypes.STRING });
  Jar.belongsTo(Shelf, { as: 'shelf' });
  return { sequelize, Glass: Jar, Shelf };
}
