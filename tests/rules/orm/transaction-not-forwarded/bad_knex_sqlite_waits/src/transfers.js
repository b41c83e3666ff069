const knex = require('knex')

const db = knex({ client: 'sqlite3', connection: { filename: 'bank.sqlite3' }, useNullAsDefault: true })

exports.transfer = async (from, to, amount) =>
  db.transaction(async (trx) => {
    const account = await db('accounts').where({ id: from }).first() // expect: orm/transaction-not-forwarded
    if (account.balance < amount) throw new Error('too little')
    await trx('accounts').where({ id: to }).increment('balance', amount)
  })
