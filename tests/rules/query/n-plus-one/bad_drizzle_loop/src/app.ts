import { count, eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { Hono } from 'hono'
import * as schema from './schema'

const db = drizzle(process.env.DATABASE_URL!, { schema })
const { films, tickets } = schema
const app = new Hono()

app.get('/films', async (c) => {
  const rows = await db.query.films.findMany({ limit: 100 })
  const answer = []
  for (const film of rows) {
    const [sold] = await db.select({ n: count() }).from(tickets).where(eq(tickets.filmId, film.id)) // expect: query/n-plus-one
    answer.push({ ...film, sold: sold.n })
  }
  return c.json(answer)
})

export default app
