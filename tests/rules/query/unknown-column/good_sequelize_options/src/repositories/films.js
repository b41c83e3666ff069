const { col, fn, literal, where } = require('sequelize');
const { sequelize, Film, Studio, Review } = require('../models');

const NEWEST_FIRST = [['releasedOn', 'DESC'], ['id', 'desc']];

async function newest() {
  return Film.findAll({ order: NEWEST_FIRST, attributes: { exclude: ['secret'] } });
}

async function renamed() {
  return Film.findAll({
    attributes: ['id', [fn('lower', col('title')), 'folded']],
    order: [['folded', 'ASC'], 'createdAt'],
    group: ['folded'],
  });
}

async function sorted(by) {
  const attributes = { include: [] };
  const order = [];
  if (by === 'reviews') {
    attributes.include.push([literal('(SELECT COUNT(*) FROM Reviews r WHERE r.filmId = Film.id)'), 'n']);
    order.push(['n', 'DESC']);
  }
  return Film.findAll({ attributes, order });
}

async function random() {
  return Film.findOne({ order: sequelize.random() });
}

async function ofStudio(name) {
  return Film.findAll({
    where: { '$studio.name$': name, '$Film.title$': 'x' },
    include: [{ model: Studio, as: 'studio', attributes: ['name'] }],
    order: [['studio', 'name', 'ASC'], [{ model: Studio, as: 'studio' }, 'createdAt', 'DESC'], [col('studio.id'), 'ASC']],
  });
}

async function unknownIncludes(name, include) {
  return Film.findAll({ where: { '$distributor.name$': name }, include });
}

async function ownTable(text) {
  return Film.findAll({ where: where(fn('lower', col('Film.title')), text) });
}

async function stars() {
  return Review.findAll({ attributes: ['filmId', [fn('AVG', col('stars')), 'mean']], group: 'filmId' });
}

module.exports = { newest, renamed, sorted, random, ofStudio, unknownIncludes, ownTable, stars };
