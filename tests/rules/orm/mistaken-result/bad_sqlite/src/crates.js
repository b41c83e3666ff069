const { Crate } = require('./models');

exports.move = async function move(id, shelf) {
  const [, rows] = await Crate.update({ shelf }, { where: { id }, returning: true });
  return rows[0]; // expect: orm/mistaken-result
};
