const { col, fn } = require('sequelize');
const { Favorite } = require('./models');

function counts(ids) {
  return Favorite.findAll({ // expect: query/ungrouped-aggregate
    where: { articleId: ids },
    attributes: ['articleId', [fn('COUNT', col('userId')), 'total']],
    raw: true,
  });
}

module.exports = { counts };
