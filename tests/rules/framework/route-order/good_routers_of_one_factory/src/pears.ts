import { makeRouter } from './router'

export const pears = makeRouter('2')

pears.get('/:pear', (c) => c.json({ pear: c.req.param('pear') }))
pears.post('/', (c) => c.json({ planted: 'pear' }, 201))
