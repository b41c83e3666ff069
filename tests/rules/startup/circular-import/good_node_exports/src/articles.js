const profiles = require('./profiles');

function list(author) {
  return [profiles.toProfile(author)];
}

module.exports = { list };
