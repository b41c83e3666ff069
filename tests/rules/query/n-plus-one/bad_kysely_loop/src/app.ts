import { Hono } from 'hono'
import { Kysely, PostgresDialect } from 'kysely'
import { Pool } from 'pg'

const db = new Kysely<any>({ dialect: new PostgresDialect({ pool: new Pool() }) })
const app = new Hono()

app.get('/films', async (c) => {
  const films = await db.selectFrom('films').selectAll().execute()
  const answer = await Promise.all(
    films.map(async (film) => {
      const tickets = await db.selectFrom('tickets').select('id').where('film_id', '=', film.id).execute() // expect: query/n-plus-one
      return { ...film, tickets: tickets.length }
    }),
  )
  return c.json(answer)
})

export default app
