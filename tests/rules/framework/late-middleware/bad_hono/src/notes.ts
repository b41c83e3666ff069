import { Hono } from 'hono'
import { list } from './store'

export const notes = new Hono()

notes.get('/', (c) => c.json(list(c.get('owner'))))
