const tickets = require('../repositories/ticketRepository');
const people = require('../repositories/personRepository');

async function listOpen() {
  return tickets.findOpen(20);
}

async function close(id, personId) {
  await people.findOne(personId);
  return tickets.close(id);
}

module.exports = { listOpen, close };
