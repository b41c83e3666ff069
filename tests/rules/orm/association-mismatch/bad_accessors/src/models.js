const { Sequelize, DataTypes, Model } = require('sequelize');

const sequelize = new Sequelize(process.env.DATABASE_URL, { dialect: 'postgres' });

class Recipe extends Model {
  getSlug() {
    return this.title.toLowerCase().replaceAll(' ', '-');
  }
}
Recipe.init({ title: DataTypes.STRING }, { sequelize, modelName: 'Recipe' });

const Ingredient = sequelize.define('Ingredient', { name: DataTypes.STRING });
const Cook = sequelize.define('Cook', { name: DataTypes.STRING });

Recipe.belongsToMany(Ingredient, { through: 'recipe_ingredients' });
Ingredient.belongsToMany(Recipe, { through: 'recipe_ingredients' });
Recipe.belongsTo(Cook, { as: 'author', foreignKey: 'authorId' });
Cook.hasMany(Recipe, { as: 'dishes', foreignKey: 'authorId' });

Cook.prototype.getInitials = function getInitials() {
  return this.name[0];
};

module.exports = { sequelize, Recipe, Ingredient, Cook };
