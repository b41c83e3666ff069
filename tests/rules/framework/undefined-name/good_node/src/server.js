import express from 'express'
import './globals.js'
import { total, walk } from './shapes.js'
import { Store } from './typed/store.ts'
import legacy from './legacy.cjs'

const app = express()

app.get('/', async (req, res, next) => {
  try {
    const { id = 1, [req.query.field]: chosen, ...others } = req.query
    const [first, , third = first] = [1, 2, 3]
    const { signal } = new AbortController()
    const found = await fetch(`http://localhost/${id}`, { signal })
    res.json({ chosen, others, third, found, total: total(), walk: walk(), log: logger, Store, legacy })
  } catch ({ message, ...error }) {
    next(message ?? error)
  }
})
for (const name of ['a', 'b']) app.get(`/${name}`, function handle(req, res) {
  res.json({ name: handle.name, count: arguments.length, url: import.meta.url })
})
app.listen(process.env.PORT ?? 3000, () => console.log(structuredClone({}), new TextEncoder()))
