import { Router } from 'express'
import { byKind, harvest } from '../services/trees.js'

export const trees = Router()

trees.get('/:kind', async (req, res) => {
  res.json({ trees: await byKind(req.params.kind, req.query.after) })
})

trees.post('/:id/harvest', async (req, res) => {
  await harvest(id) // expect: any/undefined-name
  res.status(204).end()
})
