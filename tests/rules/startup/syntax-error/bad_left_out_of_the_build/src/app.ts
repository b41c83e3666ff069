import express from 'express'
import { names } from './tables/names'

const app = express()

app.get('/pupils', (req, res) => {
  res.json(names)
})

app.listen(3000)
