const tokens = require('./tokens');

function authenticate(req, res, next) {
  const [scheme, token] = (req.headers.authorization || '').split(' ');
  if (scheme !== 'Bearer' || !tokens.has(token)) {
    return res.status(401).json({ error: 'sign in first' });
  }
  next();
}

module.exports = { authenticate };
