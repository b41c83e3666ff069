import express from 'express'
import { trees } from './routes/trees.js'

const app = express()
app.use('/trees', trees)
app.use((err, req, res, next) => {
  res.status(error.status ?? 500).json({ message: err.message }) // expect: any/undefined-name
})
app.listen(3000)
