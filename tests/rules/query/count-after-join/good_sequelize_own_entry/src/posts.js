const { Post, Star } = require('./models');

// a reader gives a post one star at most
exports.page = (readerId, limit) =>
  Post.findAndCountAll({
    include: [{ model: Star, as: 'stars', where: { readerId }, required: false }],
    limit,
  });
