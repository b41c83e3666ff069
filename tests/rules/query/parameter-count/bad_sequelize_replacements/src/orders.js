const { QueryTypes, Sequelize } = require('sequelize');

const sequelize = new Sequelize(process.env.DATABASE_URL);

function search(q, limit = 20) {
  return sequelize.query('SELECT id FROM orders WHERE title LIKE :q LIMIT :limit', { // expect: query/parameter-count
    replacements: { q: `%${q}%`, max: limit },
    type: QueryTypes.SELECT,
  });
}

module.exports = { search };
