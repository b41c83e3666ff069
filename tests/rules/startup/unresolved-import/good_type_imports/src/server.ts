import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import type { Crate } from './crates.js';
import { type Crate as Other, Pallet } from './crates.js';
import { Shelf } from './crates.js';

const app = new Hono();
const crates: Crate[] = [];
const others: [Other, Pallet][] = [];
app.get('/crates', (c) => c.json({ crates, shelf: Shelf.first, others }));
serve(app);
