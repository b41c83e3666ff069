import { Hono } from 'hono';

export const notes = new Hono();

notes.get('/notes', (c) => c.json({ book: c.req.param('book'), notes: [] }));
