import { serve } from '@hono/node-server'; // expect: startup/undeclared-dependency
import type { Options } from 'postgres';
import { ParamsDictionary } from 'express-serve-static-core';
import { Hono } from 'hono';

const app = new Hono();
const options: Options<ParamsDictionary> = {};
app.get('/', (c) => c.json(options));
serve({ fetch: app.fetch });
