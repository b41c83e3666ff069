import express from 'express'
import { byNumber, ownerOf } from './lockers'

const app = express()

app.get('/lockers/:number', async (req, res) => {
  res.json(await byNumber(Number(req.params.number)))
})

app.get('/owners/:id', (req, res) => {
  const owner = ownerOf(Number(req.params.id))
  if (!owner) {
    return res.status(404).json({ error: 'no such locker' })
  }
  res.json({ owner })
})
