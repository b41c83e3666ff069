import express from 'express'
import { page } from './page.js'

const app = express()
const { limit, offset = 0 } = page({})
const visits = 0

app.get('/trees', (req, res) => {
  visits++ // expect: any/constant-assignment
  const total = 0
  for (const row of req.app.rows) {
    total += row.weight // expect: any/constant-assignment
  }
  if (req.query.offset) {
    offset = Number(req.query.offset) // expect: any/constant-assignment
  }
  res.json({ total, limit, offset })
})
app.listen(3000)
