import { Hono } from 'hono';
import { reports } from './reports';
import { users } from './users';

const app = new Hono().basePath('/v1');
app.route('/reports', reports);
app.route('/users', users);
app.get('/files/:name?', (c) => c.json({ name: c.req.param('name') }));
app.get('/assets/*', (c) => c.text('…'));

export default app;
