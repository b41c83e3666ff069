const { Comment } = require('./models');

function on(id, articleId) {
  return Comment.findOne({ where: { id, article: articleId } }); // expect: orm/undefined-attribute
}

module.exports = { on };
