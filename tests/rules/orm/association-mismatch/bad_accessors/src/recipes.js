const { Recipe, Cook } = require('./models');

async function authorOf(id) {
  const recipe = await Recipe.findByPk(id);
  return recipe.getCook(); // expect: orm/association-mismatch
}

async function dishesOf(name) {
  const cook = await Cook.findOne({ where: { name } });
  return cook.getRecipes(); // expect: orm/association-mismatch
}

async function numbers(id) {
  const recipe = await Recipe.findByPk(id);
  return recipe.countAuthor(); // expect: orm/association-mismatch
}

module.exports = { authorOf, dishesOf, numbers };
