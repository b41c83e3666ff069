const { Crate } = require('./models');

async function move(id, shelf) {
  const [, rows] = await Crate.update({ shelf }, { where: { id } });
  return rows[0].shelf; // expect: orm/mistaken-result
}

async function weigh(id, weight) {
  const [count, crates] = await Crate.update({ weight }, { where: { id } });
  if (count === 0) return null;
  return crates.map((crate) => crate.weight); // expect: orm/mistaken-result
}

async function shelves() {
  const total = await Crate.count({ group: ['shelf'] }); // expect: orm/mistaken-result
  return { many: total > 10 };
}

async function number() {
  return Number(await Crate.count({ group: 'shelf', where: { weight: 3 } })); // expect: orm/mistaken-result
}

module.exports = { move, weigh, shelves, number };
