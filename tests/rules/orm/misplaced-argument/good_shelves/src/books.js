const { Book } = require('./db');

async function find(id) {
  return Book.findByPk(id);
}

async function findBy(key) {
  return Book.findOne(key);
}

async function lend(filter) {
  const where = {};
  if (filter.shelf) {
    where.shelf = filter.shelf;
  }
  return Book.update({ lent: true }, { where });
}

async function giveBackAll() {
  return Book.update({ lent: false }, { where: {} });
}

async function empty() {
  return Book.destroy({ truncate: true });
}

async function remove(filter) {
  const where = byFilter({}, filter);
  const options = { where: {} };
  options.where = where;
  await Book.destroy(options);
  return Book.destroy({ where });
}

async function archive(filter) {
  const where = {};
  addShelf(where, filter);
  return Book.destroy({ where });
}

function byFilter(where, filter) {
  return { ...where, shelf: filter.shelf };
}

function addShelf(where, filter) {
  where.shelf = filter.shelf;
}

module.exports = { find, findBy, lend, giveBackAll, empty, remove, archive };
