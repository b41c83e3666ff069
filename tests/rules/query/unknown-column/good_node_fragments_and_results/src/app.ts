import { Hono } from 'hono';
import { list, tagsOf } from './articles';

const app = new Hono();

app.get('/articles', async (c) => c.json(await list(c.req.query('author'))));
app.get('/tags', async (c) => c.json(await tagsOf(1)));

export default app;
