import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { Crate } from './crates.js'; // expect: startup/unresolved-import
import { Shelf } from './crates.js';

const app = new Hono();
const crates: Crate[] = [];
app.get('/crates', (c) => c.json({ crates, shelf: Shelf.first }));
serve(app);
