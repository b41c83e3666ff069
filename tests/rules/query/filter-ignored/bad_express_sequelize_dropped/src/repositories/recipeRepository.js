const { Recipe } = require('../models');

async function page({ cuisine }, limit) {
  const where = {};
  if (cuisine) {
    where.cuisine = cuisine;
  }
  return Recipe.findAll({ where, limit });
}

module.exports = { page };
