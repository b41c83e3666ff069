const db = require('../database');

async function findOne(id) {
  return db('people').where({ id }).first();
}

async function rename(id, name) {
  return db('people').where({ id }).update({ name });
}

module.exports = { findOne, rename };
