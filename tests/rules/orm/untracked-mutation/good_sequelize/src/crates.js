const { Crate } = require('./models');

async function label(id, key, value) {
  const crate = await Crate.findByPk(id);
  crate.labels[key] = value;
  crate.changed('labels', true);
  await crate.save();
}

async function mark(id, text) {
  const crate = await Crate.findByPk(id);
  crate.marks = [...crate.marks, text];
  await crate.save();
}

async function shown(id) {
  const crate = await Crate.findByPk(id);
  crate.marks.sort();
  return crate.marks;
}

async function copied(id, key, value) {
  const crate = await Crate.findByPk(id);
  const labels = { ...crate.labels };
  labels[key] = value;
  await crate.update({ labels });
}

module.exports = { label, mark, shown, copied };
