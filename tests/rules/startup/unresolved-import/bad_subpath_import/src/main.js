import express from 'express';
import { total } from '#core/prices';
import { tax } from '#core/taxes.js'; // expect: startup/unresolved-import
import { port } from '#config'; // expect: startup/unresolved-import

const app = express();
app.get('/prices', (req, res) => res.json([total, tax, port]));
app.listen(3000);
