const db = require('./db')
const { Accounts, log } = require('./accounts')

exports.transfer = async (from, to, amount) => {
  await db.transaction(async (trx) => {
    const accounts = new Accounts(trx)
    await accounts.debit(from, amount)
    await db('accounts').transacting(trx).where({ id: to }).increment('balance', amount)
    await db('accounts').where({ id: to }).update({ touched: true }).transacting(trx)
    const rates = await db('rates').select('id')
    await log(trx, `moved ${rates.length}`)
  })
  await db('audits').insert({ from, to })
}
