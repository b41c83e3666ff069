const jwt = require('jsonwebtoken');

const KEY = 'a-long-secret-for-development-only';

function issue(user) {
  return jwt.sign({ sub: String(user.id), name: user.name }, KEY, { expiresIn: '7d' });
}

function read(token) {
  return jwt.verify(token, KEY);
}

module.exports = { issue, read };
