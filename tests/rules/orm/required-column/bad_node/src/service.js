const users = require('./users');

async function register({ email, bio }) {
  return users.create({ email, bio }); // expect: orm/required-column
}

module.exports = { register };
