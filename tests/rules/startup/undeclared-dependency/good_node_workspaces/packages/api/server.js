import Fastify from 'fastify';
import { z } from 'zod';
import { title } from '@shop/titles';
import { rate } from 'lib/rates.js';

const app = Fastify();
app.get('/', async () => ({ title, rate, schema: z.string() }));
app.listen({ port: 3000 });
