import { Hono } from 'hono';

const articles = new Hono();
articles.get('/:slug', (c) => c.json({ slug: c.req.param('slug') }));
articles.get('/feed', (c) => c.json([])); // expect: framework/route-order

const app = new Hono();
app.route('/articles', articles);

export default app;
