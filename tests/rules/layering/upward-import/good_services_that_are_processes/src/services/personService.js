const people = require('../repositories/personRepository');

async function show(id) {
  return people.findOne(id);
}

function initials(name) {
  return name.split(' ').map((part) => part[0]).join('');
}

module.exports = { show, initials };
