const profiles = require('./profiles'); // expect: startup/circular-import

function list(author) {
  return [profiles.toProfile(author)];
}

module.exports = { list };
