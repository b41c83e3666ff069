const { User } = require('./models');

function find(userId) {
  return User.findOne(userId); // expect: orm/misplaced-argument
}

module.exports = { find };
