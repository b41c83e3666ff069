const { createHash } = require('node:crypto');
const { Member } = require('./models');

async function register(body) {
  const data = { email: body.email, password: body.password };
  data.hash = createHash('sha256').update(data.password).digest('hex');
  return Member.create(data);
}

module.exports = { register };
