import { DataTypes, Sequelize } from 'sequelize';

function defineShelf(sequelize) {
  const Shelf = sequelize.define('Shelf', { label: DataTypes.STRING });
  Shelf.associate = ({ Jar }) => {
    Shelf.hasMany(Jar, { as: 'jars', foreignKey: 'shelfId' });
  };
  return Shelf;
}

function defineJar(sequelize) {
  const Jar = sequelize.define('Jar', { content: DataTypes.STRING, shelfId: DataTypes.INTEGER });
  Jar.associate = ({ Shelf }) => {
    Jar.belongsTo(Shelf, { as: 'shelf', foreignKey: 'shelfId' });
  };
  return Jar;
}

export function openPantry(storage) {
  const sequelize = new Sequelize({ dialect: 'sqlite', storage });
  const models = { Shelf: defineShelf(sequelize), Jar: defineJar(sequelize) };
  for (const model of Object.values(models)) {
    model.associate?.(models);
  }
  return { sequelize, ...models };
}
