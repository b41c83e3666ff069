function list(author) {
  const profiles = require('./profiles');
  return [profiles.toProfile(author)];
}

module.exports = { list };
