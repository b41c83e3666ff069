const db = require('./db')

const find = (id) => db('tickets').where({ id }).first()

async function close(id) {
  const ticket = db('tickets').where({ id }).first() // expect: orm/coroutine-not-awaited
  if (!ticket) return null
  db('tickets').where({ id }).update({ closed: true }) // expect: orm/coroutine-not-awaited
  await db('events').insert({ ticket_id: id, kind: 'closed' })
  return ticket.title
}

async function reopen(id) {
  if (!find(id)) return // expect: orm/coroutine-not-awaited
  await db('tickets').where({ id }).update({ closed: false })
}

module.exports = { close, reopen }
