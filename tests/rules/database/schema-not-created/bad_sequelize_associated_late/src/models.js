const { DataTypes, Sequelize } = require('sequelize');

const sequelize = new Sequelize({ dialect: 'sqlite', storage: 'cellar.sqlite' });
const Shelf = sequelize.define('Shelf', { name: DataTypes.STRING });
const Bottle = sequelize.define('Bottle', { label: DataTypes.STRING });

function associate() {
  Shelf.hasMany(Bottle, { foreignKey: 'shelfId' });
  Bottle.belongsTo(Shelf, { foreignKey: 'shelfId' });
}

module.exports = { Bottle, Shelf, associate, sequelize };
