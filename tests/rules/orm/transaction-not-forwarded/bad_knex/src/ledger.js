const db = require('./db')

async function record(entry) {
  await db('entries').insert(entry) // expect: orm/transaction-not-forwarded
}

async function note(text, conn = db) {
  await conn('notes').insert({ text })
}

module.exports = { record, note }
