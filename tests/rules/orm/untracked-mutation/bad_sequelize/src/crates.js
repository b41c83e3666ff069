const { Crate } = require('./models');

async function label(id, key, value) {
  const crate = (await Crate.findByPk(id)) ?? (await Crate.create({ id, labels: {} }));
  crate.labels[key] = value; // expect: orm/untracked-mutation
  await crate.save();
  return crate.labels;
}

async function mark(id, text) {
  const crate = await Crate.findByPk(id, { rejectOnEmpty: true });
  crate.marks.push(text); // expect: orm/untracked-mutation
  crate.note = text;
  await crate.save();
}

module.exports = { label, mark };
