const db = require('../database');

async function findOpen(limit) {
  return db('tickets').where({ open: true }).limit(limit);
}

async function findOne(id) {
  return db('tickets').where({ id }).first();
}

async function close(id) {
  return db('tickets').where({ id }).update({ open: false });
}

module.exports = { findOpen, findOne, close };
