const { verify } = require('./tokens');

function bearer(req) {
  return req.get('authorization');
}

async function requireUser(req, res, next) { // expect: framework/no-answer
  req.userId = await verify(bearer(req));
}

module.exports = { requireUser };
