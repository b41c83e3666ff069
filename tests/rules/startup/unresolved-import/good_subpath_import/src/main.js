import express from 'express';
import { total } from '#core/prices';
import { tax } from '#core/taxes.js';
import { client } from '#client';
import { schema } from '#built/schema';

const app = express();
app.get('/prices', (req, res) => res.json([total, tax, client, schema]));
app.listen(3000);
