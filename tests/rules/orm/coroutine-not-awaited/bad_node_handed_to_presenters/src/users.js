const { User } = require('./models');

function toPlain(user) {
  return user ? user.get({ plain: true }) : null;
}

async function create(values) {
  return toPlain(User.create(values));  // expect: orm/coroutine-not-awaited
}

module.exports = { create };
