import { Hono } from 'hono';

export const reports = new Hono();
reports.get('/:period', (c) => c.json({ period: c.req.param('period') }));
