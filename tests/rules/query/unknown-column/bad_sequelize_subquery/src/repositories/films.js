const { Op, col, fn, where } = require('sequelize');
const { Film, Studio, Review, Genre } = require('../models');

function filters({ genre, studio }) {
  const conditions = {};
  const include = [];
  if (studio) {
    include.push({ model: Studio, as: 'studio' });
    conditions['$studio.name$'] = studio;
  }
  if (genre) {
    include.push({ model: Genre, as: 'genres', attributes: [] });
    conditions['$genres.label$'] = genre; // expect: query/unknown-column
  }
  return { where: conditions, include };
}

async function page(asked, { limit, offset }) {
  return Film.findAndCountAll({ ...filters(asked), distinct: true, limit, offset });
}

async function mostReviewed(limit) {
  return Film.findAll({
    attributes: ['id', 'title', [fn('COUNT', col('reviews.id')), 'n']], // expect: query/unknown-column
    include: [{ model: Review, as: 'reviews', attributes: [] }],
    group: ['Film.id'],
    limit,
  });
}

async function byStudio(name, limit) {
  return Film.findAll({
    where: { [Op.or]: [{ '$studio.name$': name }, { title: name }] }, // expect: query/unknown-column
    include: [{ model: Studio, as: 'studio' }, { model: Review, as: 'reviews' }],
    limit,
  });
}

async function oneWithText(text) {
  return Film.findOne({
    where: where(fn('lower', col('reviews.text')), text), // expect: query/unknown-column
    include: [{ model: Review, as: 'reviews', required: true }],
  });
}

async function bestFirst() {
  return Film.findAll({
    include: [{ association: 'reviews' }],
    order: [[col('reviews.stars'), 'DESC']], // expect: query/unknown-column
    limit: 10,
  });
}

module.exports = { page, mostReviewed, byStudio, oneWithText, bestFirst };
