import { eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { accounts, entries } from './schema'

const db = drizzle(process.env.DATABASE_URL!)

export async function deposit(id: number, amount: number) {
  await db.transaction(async (tx) => {
    const [account] = await tx.select().from(accounts).where(eq(accounts.id, id))
    await tx.update(accounts).set({ balance: account.balance + amount }).where(eq(accounts.id, id))
    await db.insert(entries).values({ amount }) // expect: orm/transaction-not-forwarded
  })
}
