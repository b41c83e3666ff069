const members = require('../repositories/members');

module.exports = { list: (name) => members.list(name) };
