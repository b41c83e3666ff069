const { Ticket, Comment } = require('./models');

async function close(id) {
  Ticket.update({ state: 'closed' }, { where: { id } }); // expect: orm/coroutine-not-awaited
  return { id };
}

async function purge(id) {
  const ticket = await Ticket.findByPk(id);
  Comment.destroy({ where: { ticketId: id } }); // expect: orm/coroutine-not-awaited
  ticket.state = 'purged';
  ticket.save(); // expect: orm/coroutine-not-awaited
}

module.exports = { close, purge };
