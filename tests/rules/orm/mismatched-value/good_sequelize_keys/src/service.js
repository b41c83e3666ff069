const repository = require('./repository');
const { Member, Profile, Film, Review } = require('./models');

exports.reviews = async (filmId) => {
  const film = await repository.film(filmId);
  return repository.reviewsOf(film.id);
};

exports.filmOf = async (reviewId) => {
  const review = await Review.findByPk(reviewId);
  return Film.findByPk(review.filmId);
};

exports.about = async (username) => {
  const member = await repository.memberNamed(username);
  const profile = await Profile.findByPk(member.id);
  return profile ? Member.findByPk(profile.memberId) : null;
};

exports.mentions = async (username) => {
  const member = await repository.memberNamed(username);
  const portraits = await Review.findAll({ where: { subjectId: member.id }, limit: 20 });
  const film = await Film.findOne({ where: { code: member.id } });
  return { portraits, film };
};

exports.either = async (reviewId, own) => {
  const found = own ? await Member.findByPk(reviewId) : await Film.findByPk(reviewId);
  return Review.findAll({ where: { filmId: found.id }, limit: 20 });
};
