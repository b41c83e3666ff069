const { User } = require('./models');

function create(values, transaction) {
  return User.create(values, { transaction });
}

function copy(values) {
  return User.create({ ...values, email: values.email.toLowerCase() });
}

module.exports = { copy, create };
