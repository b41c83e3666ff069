import { Router } from 'express'
import { TreeService } from './service.js'

export function router(service) {
  const routes = Router()
  routes.get('/', (req, res) => res.json(service.listAll(req.query))) // expect: any/undefined-method
  routes.post('/', (req, res) => res.status(201).json(TreeService.of(req.body).plant(req.body)))
  return routes
}
