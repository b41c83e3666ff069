import express from 'express'
import { page } from './page.js'

const app = express()
const settings = {}
settings.limit = 20
let visits = 0

class Counter {
  total = 0
  static of = (total) => (total += 1)
}

app.get('/trees', (req, res) => {
  visits++
  const row = req.query
  row.limit = 3
  row['kind'] = 'apple'
  page(row)
  res.json({ visits, row, counter: new Counter() })
})
app.listen(3000)
