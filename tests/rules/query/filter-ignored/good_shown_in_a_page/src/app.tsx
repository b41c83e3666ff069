import { Hono } from 'hono'
import { boxes, db } from './db'

const app = new Hono()

app.get('/boxes', async (c) => {
  const done = c.req.query('done')
  const notice = c.req.query('notice')
  const found = await db.select().from(boxes)
  return c.html(
    <main title={notice}>
      {done && <p>Stored.</p>}
      <ul>
        {found.map((box) => (
          <li>{box.label}</li>
        ))}
      </ul>
    </main>,
  )
})

export default app
