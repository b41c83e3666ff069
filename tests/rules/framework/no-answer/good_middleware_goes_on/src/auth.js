const { verify } = require('./tokens');

function bearer(req) {
  return req.get('authorization');
}

async function requireUser(req, res, next) {
  req.userId = await verify(bearer(req));
  next();
}

module.exports = { requireUser };
