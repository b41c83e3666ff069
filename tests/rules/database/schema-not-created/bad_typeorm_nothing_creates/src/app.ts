import express from 'express';
import { source } from './data-source.js';
import { Market } from './entities/market.js';
import { Stall } from './entities/stall.js';

const app = express();

app.get('/markets', async (req, res) => {
  res.json(await source.getRepository(Market).find());
});

app.get('/stalls', async (req, res) => {
  res.json(await source.getRepository(Stall).findBy({ trade: String(req.query.trade) }));
});

await source.initialize();
app.listen(3000);
