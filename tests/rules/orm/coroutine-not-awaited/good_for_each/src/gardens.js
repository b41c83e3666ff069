const { sequelize, Garden, Plant } = require('./models');

async function heights(ids) {
  const found = [];
  for (const id of ids) {
    found.push(await Plant.max('height', { where: { gardenId: id } }));
  }
  return found;
}

async function waited(ids) {
  const promises = [];
  ids.forEach((id) => {
    promises.push(Plant.count({ where: { gardenId: id } }));
  });
  return Promise.all(promises);
}

async function plant(rows) {
  const names = [];
  await sequelize.transaction(async (t) => {
    await Promise.all(rows.map(async (row) => Plant.create(row, { transaction: t })));
  });
  rows.forEach((row) => names.push(row.name));
  return names;
}

function refresh(gardens) {
  // nothing waits for it, and nothing is read
  gardens.forEach(async (garden) => {
    const plants = await Plant.count({ where: { gardenId: garden.id } });
    console.log(garden.name, plants);
  });
}

async function before(ids) {
  const seen = [];
  ids.forEach(async (id) => {
    seen.push(id);
    try {
      await Garden.increment('visits', { where: { id } });
    } catch (error) {
      console.warn(error);
    }
  });
  return seen;
}

module.exports = { heights, waited, plant, refresh, before };
