const { Stone } = require('./models');

function pageOf({ limit = 20, offset = 0 } = {}) {
  return { limit, offset };
}

async function listStones(query) {
  return Stone.findAndCountAll({ order: [['id', 'DESC']], ...pageOf(query) }); // expect: query/unvalidated-pagination
}

module.exports = { listStones };
