import { makeRouter } from './router'

export const apples = makeRouter('2')

apples.get('/:id', (c) => c.json({ apple: c.req.param('id') }))
apples.post('/', (c) => c.json({ planted: 'apple' }, 201))
