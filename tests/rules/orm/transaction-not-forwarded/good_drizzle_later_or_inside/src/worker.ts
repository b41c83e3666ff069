import { eq } from 'drizzle-orm'
import { db, type Database } from './db'
import { jobs, parcels } from './schema'

export async function poll() {
  await db.transaction(async (tx) => {
    const [job] = await tx.select().from(jobs).where(eq(jobs.state, 'new')).limit(1)
    await tx.update(jobs).set({ state: 'taken' }).where(eq(jobs.id, job.id))
    await replace(tx as unknown as Database, job.id)
    setTimeout(() => {
      pack(job.id).catch(console.error)
    }, 0)
  })
}

async function pack(job: number) {
  await db.insert(parcels).values({ job })
  await db.update(jobs).set({ state: 'packed' }).where(eq(jobs.id, job))
}

async function replace(database: Database, job: number) {
  await database.transaction(async (inner) => {
    await clear(inner as unknown as Database, job)
    await inner.insert(parcels).values({ job })
  })
}

async function clear(database: Database, job: number) {
  await database.delete(parcels).where(eq(parcels.job, job))
}
