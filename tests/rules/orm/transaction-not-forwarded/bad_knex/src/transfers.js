const db = require('./db')
const ledger = require('./ledger')

async function transfer(from, to, amount) {
  return db.transaction(async (trx) => {
    await trx('accounts').where({ id: from }).decrement('balance', amount)
    await db('accounts').where({ id: to }).increment('balance', amount) // expect: orm/transaction-not-forwarded
    await ledger.record({ from, to, amount })
    await ledger.note('moved') // expect: orm/transaction-not-forwarded
    await ledger.note('moved', trx)
  })
}

async function close(id) {
  const trx = await db.transaction()
  try {
    await trx('accounts').where({ id }).update({ closed: true })
    await db('cards').where({ account_id: id }).del() // expect: orm/transaction-not-forwarded
    await trx.commit()
  } catch (error) {
    await trx.rollback()
    throw error
  }
}

module.exports = { transfer, close }
