const { Crate } = require('./models');

async function shelves() {
  const groups = await Crate.count({ group: ['shelf'] });
  return groups.length > 10 ? groups : groups.map((item) => item.count + 1);
}

async function all() {
  const total = await Crate.count({ where: { shelf: 'a' } });
  return total > 10;
}

module.exports = { shelves, all };
