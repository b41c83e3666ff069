const { Recipe, Cook } = require('./models');

async function shown(id) {
  const recipe = await Recipe.findByPk(id);
  const author = await recipe.getAuthor();
  const dishes = await (await Cook.findByPk(author.id)).getDishes({ limit: 3 });
  await recipe.addIngredients(await recipe.getIngredients());
  await recipe.setAuthor(author);
  return { slug: recipe.getSlug(), number: await recipe.countIngredients(), dishes };
}

async function initials(name) {
  const cook = await Cook.findOne({ where: { name } });
  return cook.getInitials() + cook.getDataValue('name');
}

async function perhapsAnother(id, other) {
  const row = (await Recipe.findByPk(id)) || other;
  return row.getReviews();
}

module.exports = { shown, initials, perhapsAnother };
