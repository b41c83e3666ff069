import express, { Router as router } from 'express'

import { Orchard, Tree } from './trees.js'
import './typed/shapes.ts'

const { json: parse } = express
const app = express()
const settings = await Promise.resolve({ public: false, package: 'orchard' })
const { public: isPublic, package: name } = settings

app.use(parse())
app.get('/', async (req, res) => {
  const trees = await Promise.all([1, 2].map(async (id) => await Orchard.find(id)))
  res.json({ trees, isPublic, name, router, Tree })
})
app.listen(3000)
