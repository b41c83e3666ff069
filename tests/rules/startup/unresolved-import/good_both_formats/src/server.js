import express from 'express'
import logger, { log } from './logger'

const app = express()
app.get('/', (req, res) => {
  log(req.path)
  logger().info(req.path)
  res.json({})
})
app.listen(3000)
