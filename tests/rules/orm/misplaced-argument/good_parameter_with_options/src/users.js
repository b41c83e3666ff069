const { User } = require('./models');

function find(options) {
  return User.findOne(options);
}

function byId(userId) {
  return User.findOne({ where: { id: userId } });
}

module.exports = { byId, find };
