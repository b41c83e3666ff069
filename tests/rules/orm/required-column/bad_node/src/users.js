const { User } = require('./models');

function create(values, transaction) {
  return User.create(values, { transaction });
}

module.exports = { create };
