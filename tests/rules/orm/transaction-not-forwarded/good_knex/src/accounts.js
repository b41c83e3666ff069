const db = require('./db')

class Accounts {
  constructor(conn = db) {
    this.conn = conn
  }

  async debit(id, amount) {
    return this.conn('accounts').where({ id }).decrement('balance', amount)
  }
}

async function log(trx, text) {
  await (trx || db)('log').insert({ text })
}

module.exports = { Accounts, log }
