const jwt = require('jsonwebtoken');

const config = require('./config');

function issue(user) {
  return jwt.sign({ sub: String(user.id) }, config.sessions.key, { expiresIn: '7d' });
}

function fromPartner(token) {
  const claims = jwt.verify(token, config.partner.key, { algorithms: ['RS256'] });
  return { email: claims.email, confirmed: claims.email_verified };
}

module.exports = { issue, fromPartner };
