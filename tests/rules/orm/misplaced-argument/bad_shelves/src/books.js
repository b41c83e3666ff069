const { Book } = require('./db');

async function find(id) {
  return Book.findByPk({ where: { id } }); // expect: orm/misplaced-argument
}

async function show(req) {
  return Book.findOne(req.params.id); // expect: orm/misplaced-argument
}

async function lend(id) {
  return Book.update({ id, lent: true }, { returning: true }); // expect: orm/misplaced-argument
}

async function remove(id) {
  const where = {};
  await Book.destroy({ where }); // expect: orm/misplaced-argument
  return id;
}

async function giveBack(shelf, options = {}) {
  await Book.update({ lent: false }, { where: {}, ...options });
  return Book.update({ lent: false }, { where: {} }); // expect: orm/misplaced-argument
}

module.exports = { find, show, lend, remove, giveBack };
