const knex = require('knex')

const db = knex({ client: 'pg' })

const open = () => db('tickets').where({ closed: false })

exports.list = async (filter) => {
  const query = open()
  if (filter.title) query.where('title', 'like', filter.title)
  const rows = await query.orderBy('id')
  db('events').insert({ kind: 'listed' }).catch(() => undefined)
  db('events').insert({ kind: 'seen' }).then(() => undefined)
  return rows
}

exports.both = () => Promise.all([open().count('id'), open().limit(3)])

exports.later = (rows) => {
  const jobs = rows.map((row) => db('tickets').where({ id: row.id }).update({ seen: true }))
  return Promise.all(jobs)
}

exports.page = async (size) => {
  const query = db('tickets').select('id')
  const total = await query.clone().clearSelect().count('id')
  return { total, rows: await query.limit(size) }
}
