const passport = require('passport');

function requireUser(req, res, next) {
  passport.check(req);
}

module.exports = { requireUser };
