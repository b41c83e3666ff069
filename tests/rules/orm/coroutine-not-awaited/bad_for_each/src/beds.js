const { Plant } = require('./models');

function attach(gardenId, names, tx) {
  names.forEach(async (name, position) => { // expect: orm/coroutine-not-awaited
    await Plant.create({ gardenId, name, height: position }, { transaction: tx });
  });
}

async function clear(ids) {
  ids.forEach(async (id) => { // expect: orm/coroutine-not-awaited
    await Plant.destroy({ where: { id } });
  });
  return { cleared: ids.length };
}

module.exports = { attach, clear };
