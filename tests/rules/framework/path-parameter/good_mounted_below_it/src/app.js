import { Hono } from 'hono';
import { notes } from './notes.js';

const app = new Hono();
app.get('/books/:book', (c) => c.json({ title: c.req.param('book') }));
app.route('/books/:book', notes);

export default app;
