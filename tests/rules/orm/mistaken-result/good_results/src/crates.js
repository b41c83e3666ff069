const { Crate } = require('./models');

async function move(id, shelf) {
  const [, rows] = await Crate.update({ shelf }, { where: { id }, returning: true });
  return rows[0].shelf;
}

async function weigh(id, weight, options) {
  const [count, crates] = await Crate.update({ weight }, { where: { id }, ...options });
  return count && crates[0];
}

async function asked(id, weight) {
  const [count, crates] = await Crate.update({ weight }, { where: { id } });
  return crates ? crates[0] : count;
}

async function hooked(id, weight) {
  const [, crates] = await Crate.update({ weight }, { where: { id }, individualHooks: true });
  return crates[0];
}

async function counted(id, weight) {
  const [count] = await Crate.update({ weight }, { where: { id } });
  return count > 0;
}

module.exports = { move, weigh, asked, hooked, counted };
