import { Hono } from 'hono'
import { zValidator } from '@hono/zod-validator'
import { pageOf } from './paging'
import { listBooks, listLoans, listShelves } from './books'
import { bookQuery, loanQuery } from './schemas'

const app = new Hono()

app.get('/books', zValidator('query', bookQuery), (c) => c.json(listBooks(c.req.valid('query'))))

app.get('/loans', (c) => c.json(listLoans(loanQuery.parse(c.req.query()))))

app.get('/shelves', (c) => c.json(listShelves(pageOf(c.req.query()))))

export default app
