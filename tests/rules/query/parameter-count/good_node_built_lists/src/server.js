import express from 'express';
import * as orders from './orders.js';

const app = express();
app.get('/orders', async (req, res) => res.json(await orders.find(req.query)));
app.listen(3000);
