const { User } = require('./models');

function toPlain(user) {
  return user ? user.get({ plain: true }) : null;
}

async function create(values) {
  return toPlain(await User.create(values));
}

module.exports = { create };
