import { Hono } from 'hono';
import { ArticleRepository } from './articleRepository';
import { pool } from './database';
import { popularTags } from './tags';

const app = new Hono();
const articles = new ArticleRepository(pool);

app.get('/articles', async (c) => c.json(await articles.list({ favorited: c.req.query('favorited') })));
app.get('/tags', async (c) => c.json(await popularTags()));

export default app;
