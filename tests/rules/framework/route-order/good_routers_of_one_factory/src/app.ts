import { serve } from '@hono/node-server'
import { apples } from './apples'
import { pears } from './pears'
import { makeRouter } from './router'

const app = makeRouter('2')

app.route('/apples', apples)
app.route('/pears', pears)

serve(app)
