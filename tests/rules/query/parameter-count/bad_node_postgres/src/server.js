import express from 'express';
import { findOrders, moveOrder, orderOf } from './orders.js';

const app = express();
app.get('/orders', async (req, res) => res.json(await findOrders(req.query)));
app.get('/orders/:id', async (req, res) => res.json(await orderOf(req.params.id)));
app.post('/orders/:id/move', async (req, res) => res.json(await moveOrder(req.params.id)));
app.listen(3000);
