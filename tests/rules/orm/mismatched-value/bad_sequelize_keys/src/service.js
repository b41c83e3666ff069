const repository = require('./repository');
const { Review, Film } = require('./models');

exports.reviews = async (username) => {
  const member = await repository.memberNamed(username);
  return repository.reviewsOf(member.id); // expect: orm/mismatched-value
};

exports.filmOf = async (reviewId) => {
  const review = await Review.findByPk(reviewId);
  return Film.findByPk(review.id); // expect: orm/mismatched-value
};

exports.copy = async (reviewId, text) => {
  const review = await Review.findByPk(reviewId);
  return Review.create({ text, filmId: review.memberId, memberId: review.memberId }); // expect: orm/mismatched-value
};

exports.ofMember = async (username) => {
  const member = await repository.memberNamed(username);
  return Review.findAll({ where: { memberId: member.username }, limit: 20 }); // expect: orm/mismatched-value
};
