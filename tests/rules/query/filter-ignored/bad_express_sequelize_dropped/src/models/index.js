const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize({ dialect: 'sqlite', storage: 'recipes.db' });
const Recipe = sequelize.define('Recipe', {
  title: DataTypes.STRING,
  cuisine: DataTypes.STRING,
  cook: DataTypes.STRING,
});
const Ingredient = sequelize.define('Ingredient', { name: DataTypes.STRING, vegan: DataTypes.BOOLEAN });

module.exports = { sequelize, Recipe, Ingredient };
