import express from 'express'
import { TreeRepository } from './repository.js'
import { TreeService } from './service.js'

const app = express()
const trees = new TreeRepository() // expect: any/missing-collaborator
const service = new TreeService(trees, null) // expect: any/missing-collaborator

app.get('/trees', (req, res) => res.json(service.list()))
app.post('/trees', (req, res) => res.status(201).json(service.plant(req.body)))
app.listen(3000)
