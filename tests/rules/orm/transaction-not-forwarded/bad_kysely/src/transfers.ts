import { db } from './db'

export async function transfer(from: number, to: number, balance: number) {
  await db.transaction().execute(async (trx) => {
    await trx.updateTable('accounts').set({ balance }).where('id', '=', from).execute()
    await db.updateTable('accounts').set({ balance }).where('id', '=', to).execute() // expect: orm/transaction-not-forwarded
  })
}
