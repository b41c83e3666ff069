const { Sailor, Entry } = require('./models');

const byToken = (token) => Sailor.findOne({ where: { token } });

async function entries(sailor) {
  return Entry.findAll({ where: { sailorId: sailor }, limit: 20 }); // expect: orm/instance-in-filter
}

module.exports = { byToken, entries };
