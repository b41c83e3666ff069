const { col, fn, where } = require('sequelize');
const { Film, Studio, Review } = require('../models');

const NEWEST_FIRST = [['released', 'DESC']]; // expect: query/unknown-column

async function newest() {
  return Film.findAll({ order: NEWEST_FIRST });
}

async function titles() {
  return Film.findAll({ attributes: ['id', 'name'] }); // expect: query/unknown-column
}

async function flatOrder() {
  return Film.findAll({ order: ['title', 'DESC'] }); // expect: query/unknown-column
}

async function ofStudio(name) {
  return Film.findAll({ where: { '$studio.name$': name } }); // expect: query/unknown-column
}

async function byModelName(name) {
  return Film.findAll({
    where: { '$Studio.name$': name }, // expect: query/unknown-column
    include: [{ model: Studio, as: 'distributor' }],
  });
}

async function misspelt(text) {
  return Film.findAll({
    where: where(fn('lower', col('studio.nme')), text), // expect: query/unknown-column
    include: [{ model: Studio, as: 'studio', attributes: ['id', 'town'] }], // expect: query/unknown-column
  });
}

async function ordered() {
  return Film.findAll({
    include: [{ model: Review, as: 'reviews' }],
    order: [[{ model: Review, as: 'reviews' }, 'rating', 'DESC']], // expect: query/unknown-column
  });
}

async function orderedWithout() {
  return Film.findAll({ order: [['studio', 'name', 'ASC']] }); // expect: query/unknown-column
}

async function perYear() {
  return Film.findAll({
    attributes: [[fn('COUNT', col('id')), 'n']],
    group: ['year'], // expect: query/unknown-column
  });
}

module.exports = {
  newest, titles, flatOrder, ofStudio, byModelName, misspelt, ordered, orderedWithout, perYear,
};
