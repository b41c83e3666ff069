const { Sailor, Entry } = require('./models');

const byToken = (token) => Sailor.findOne({ where: { token } });

async function entries(sailor) {
  return Entry.findAll({ where: { sailorId: sailor.id }, limit: 20 });
}

module.exports = { byToken, entries };
