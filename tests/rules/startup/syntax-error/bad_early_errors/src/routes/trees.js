import { Router } from 'express'

export function trees(harvest) {
  const router = Router()
  router.get('/', async (req, res) => {
    const rows = await harvest.all()
    const apples = rows.map((row) => await harvest.weigh(row)) // expect: startup/syntax-error
    res.json({ apples })
  })
  return router
}
