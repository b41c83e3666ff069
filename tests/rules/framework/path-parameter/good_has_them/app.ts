import express from 'express';
import { Hono } from 'hono';

const lines = express.Router({ mergeParams: true });
lines.get('/:lineId', (req, res) => { res.json([req.params.orderId, req.params.lineId]); });
const app = express();
app.use('/orders/:orderId/lines', lines);
app.get('/files/*path', (req, res) => { res.json(req.params.path); });
app.get(/^\/x\/(?<name>.+)$/, (req, res) => { res.json(req.params.name); });
app.get('/page{/:number}', (req, res) => { res.json(req.params.number); });

const shared = (req, res) => {
  const id = req.params.orderId ?? req.params.id;
  res.json({ id });
};
app.get('/a/:id', shared);
const hono = new Hono();
hono.get('/:id{[0-9]+}', (c) => {
  const { id } = c.req.param();
  return c.json({ id, other: c.req.query('other') });
});

export { app, hono };
