const tokens = require('./tokens');

function requireUser(req, res, next) {
  const claims = tokens.read(req.get('authorization'));
  req.userId = claims.userId; // expect: any/unknown-claim
  req.userName = claims.name;
  next();
}

module.exports = { requireUser };
