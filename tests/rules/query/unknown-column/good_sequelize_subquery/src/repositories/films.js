const { col, fn } = require('sequelize');
const { Film, Studio, Review, Genre } = require('../models');

async function everything(genre) {
  return Film.findAll({
    where: { '$genres.label$': genre },
    include: [{ model: Genre, as: 'genres' }],
  });
}

async function flat(genre, limit) {
  return Film.findAll({
    where: { '$genres.label$': genre },
    include: [{ model: Genre, as: 'genres' }],
    limit,
    subQuery: false,
  });
}

async function inTheInclude(genre, limit) {
  return Film.findAll({
    include: [{ model: Genre, as: 'genres', where: { label: genre } }],
    limit,
  });
}

async function oneToOne(name, limit) {
  return Film.findAll({
    where: { '$studio.name$': name },
    include: [{ model: Studio, as: 'studio' }],
    limit,
  });
}

async function required(name, limit) {
  return Film.findAll({
    where: { '$studio.name$': name },
    include: [
      { model: Studio, as: 'studio', required: true },
      { model: Review, as: 'reviews' },
    ],
    limit,
  });
}

async function separate(name, limit) {
  return Film.findAll({
    where: { '$studio.name$': name },
    include: [
      { model: Studio, as: 'studio' },
      { model: Review, as: 'reviews', separate: true },
    ],
    limit,
  });
}

async function notMultiplied(stars, limit) {
  return Film.findAll({
    where: { '$reviews.stars$': stars },
    include: [{ model: Review, as: 'reviews', duplicating: false }],
    limit,
  });
}

async function orderedByPath(limit) {
  return Film.findAll({
    include: [{ model: Review, as: 'reviews' }],
    order: [[{ model: Review, as: 'reviews' }, 'stars', 'DESC']],
    limit,
  });
}

async function orderedByName(limit) {
  return Film.findAll({
    include: [{ model: Review, as: 'reviews' }],
    order: [['reviews', 'stars', 'DESC']],
    limit,
  });
}

async function byKey(id, stars) {
  return Film.findOne({
    where: { id, '$reviews.stars$': stars },
    include: [{ model: Review, as: 'reviews' }],
  });
}

async function counted(genre) {
  return Film.count({
    where: { '$genres.label$': genre },
    include: [{ model: Genre, as: 'genres' }],
    distinct: true,
  });
}

async function pagedUnlessFiltered({ stars, limit }) {
  const options = { include: [{ model: Review, as: 'reviews' }], where: {} };
  if (stars) {
    options.where['$reviews.stars$'] = stars;
  } else {
    options.limit = limit;
  }
  return Film.findAll(options);
}

async function numbers() {
  return Film.findAll({
    attributes: ['id', [fn('COUNT', col('reviews.id')), 'n']],
    include: [{ model: Review, as: 'reviews', attributes: [] }],
    group: ['Film.id'],
  });
}

module.exports = {
  everything, flat, inTheInclude, oneToOne, required, separate, notMultiplied, orderedByPath,
  orderedByName, byKey, counted, pagedUnlessFiltered, numbers,
};
