import { Hono } from 'hono';
import { jwt } from 'hono/jwt';
import { requireMember } from './members';
import { trainers } from './trainers';

const app = new Hono();
app.get('/plans', (c) => c.json([]));
app.post('/plans', requireMember, (c) => c.json({}, 201));
app.get('/plans/:id', (c) => c.json({ id: c.req.param('id') }));
app.put('/plans/:id', requireMember, (c) => c.json({}));
app.delete('/plans/:id', requireMember, (c) => c.body(null, 204));
app.get('/rooms', (c) => c.json([]));
app.post('/rooms', jwt({ secret: 'from the environment' }), (c) => c.json({}, 201));
app.route('/trainers', trainers);

export default app;
