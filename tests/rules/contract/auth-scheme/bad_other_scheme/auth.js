const jwt = require('jsonwebtoken');

function requireAuth(req, res, next) {
  const header = req.headers.authorization || '';
  if (!header.startsWith('Bearer ')) { // expect: contract/auth-scheme
    return res.status(401).json({ error: 'no token' });
  }
  req.user = jwt.verify(header.slice(7), process.env.SECRET);
  return next();
}

module.exports = { requireAuth };
