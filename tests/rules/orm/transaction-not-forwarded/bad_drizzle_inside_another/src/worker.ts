import { eq } from 'drizzle-orm'
import { db } from './db'
import { jobs, parcels } from './schema'

export async function poll() {
  await db.transaction(async (tx) => {
    const [job] = await tx.select().from(jobs).where(eq(jobs.state, 'new')).limit(1)
    await tx.transaction(async (inner) => {
      await inner.update(jobs).set({ state: 'taken' }).where(eq(jobs.id, job.id))
      await db.insert(parcels).values({ job: job.id }) // expect: orm/transaction-not-forwarded
    })
  })
}
