const { Member, Film, Review } = require('./models');

exports.memberNamed = (username) => Member.findOne({ where: { username } });
exports.film = (id) => Film.findByPk(id);
exports.reviewsOf = (filmId) => Review.findAll({ where: { filmId }, limit: 50 });
exports.write = (film, member, text) =>
  Review.create({ text, filmId: film, memberId: member });
