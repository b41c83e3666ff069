import { Hono } from 'hono';

export const notes = new Hono();

notes.get('/:book/notes', (c) => c.json({ book: c.req.param('book'), notes: [] })); // expect: framework/path-parameter
