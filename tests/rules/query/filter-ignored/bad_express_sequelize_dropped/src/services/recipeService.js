const repository = require('../repositories/recipeRepository');

async function list(filters, limit) {
  const rows = await repository.page(filters, Math.min(limit, 100));
  return rows.map((row) => ({ title: row.title, cuisine: row.cuisine }));
}

module.exports = { list };
