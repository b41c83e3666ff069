import { makeRouter } from './router'

export const pears = makeRouter('2')

pears.get('/:pear', (c) => c.json({ pear: c.req.param('pear') }))
pears.post('/', (c) => c.json({ planted: 'pear' }, 201))
pears.get('/ripe', (c) => c.json({ ripe: true })) // expect: framework/route-order
