const users = require('./users');

async function register({ email, locale }) {
  const values = { email };
  values.locale = locale || 'en';
  return users.create(values);
}

module.exports = { register };
