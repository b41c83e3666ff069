const { Op } = require('sequelize');
const { Tag } = require('./models');

function buildWhere(query) {
  const where = {};
  if (query.genre) where.genre = query.genre;
  Object.assign(where, query.author && { author: query.author });
  if (query.q) {
    where[Op.or] = ['title', 'author'].map((column) => ({ [column]: { [Op.like]: `%${query.q}%` } }));
  }
  return where;
}

const FIELDS = ['genre', 'shelf'];

function fromFields(query) {
  const where = {};
  for (const field of FIELDS) {
    if (query[field] !== undefined) where[field] = query[field];
  }
  return where;
}

function pick(source, names) {
  return names.reduce((found, name) => {
    if (source && Object.prototype.hasOwnProperty.call(source, name)) {
      found[name] = source[name];
    }
    return found;
  }, {});
}

const CONDITIONS = {
  genre: (value) => ({ genre: value }),
  author: (value) => ({ author: { [Op.startsWith]: value } }),
};

function fromTable(query) {
  return Object.entries(CONDITIONS)
    .filter(([name]) => query[name])
    .map(([name, make]) => make(query[name]));
}

const tagged = (tag) => (tag ? [{ model: Tag, as: 'tags', where: { name: tag } }] : []);

module.exports = { buildWhere, fromFields, pick, fromTable, tagged };
