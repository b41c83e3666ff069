const { sequelize, Garden, Plant } = require('./models');
const { tallest } = require('./plants');

async function heights(ids) {
  const found = [];
  ids.forEach(async (id) => { // expect: orm/coroutine-not-awaited
    found.push(await tallest(id));
  });
  return found;
}

async function counted(req, res) {
  const gardens = await Garden.findAll({ raw: true, limit: 50 });
  gardens.forEach(async (garden) => { // expect: orm/coroutine-not-awaited
    garden.plants = await Plant.count({ where: { gardenId: garden.id } });
  });
  res.json({ gardens });
}

async function plant(rows) {
  await sequelize.transaction(async (t) => {
    rows.forEach(async (row) => { // expect: orm/coroutine-not-awaited
      await Plant.create(row, { transaction: t });
    });
  });
}

module.exports = { heights, counted, plant };
