const { col, fn } = require('sequelize');
const { Favorite } = require('./models');

function counts(ids) {
  return Favorite.findAll({
    where: { articleId: ids },
    attributes: ['articleId', [fn('COUNT', col('userId')), 'total']],
    group: ['articleId'],
    raw: true,
  });
}

module.exports = { counts };
