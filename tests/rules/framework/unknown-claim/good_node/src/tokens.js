const jwt = require('jsonwebtoken');

const KEY = 'a-long-secret-for-development-only';

function issue(user) {
  return jwt.sign({ name: user.name }, KEY, { subject: String(user.id) });
}

function read(token) {
  const claims = jwt.verify(token, KEY);
  return { id: claims.sub, name: claims.name, until: claims.exp };
}

module.exports = { issue, read };
