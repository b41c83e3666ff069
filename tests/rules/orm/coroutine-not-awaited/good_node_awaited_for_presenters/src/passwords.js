const bcrypt = require('bcryptjs');

function matches(password, hash) {
  return bcrypt.compare(password, hash);
}

module.exports = { matches };
