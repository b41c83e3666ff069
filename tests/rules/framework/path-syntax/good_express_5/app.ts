import express from 'express';

const app = express();
app.get('title');
app.get('/orders/:id', (req, res) => { res.json({ id: req.params.id }); });
app.get('/orders{/:page}', (req, res) => { res.json([]); });
app.get('/files/*path', (req, res) => { res.json(req.params.path); });
app.get('/literal\\*', (req, res) => { res.json([]); });
app.get(/^\/v\d+$/, (req, res) => { res.json([]); });
app.all('/{*splat}', (req, res) => { res.status(404).end(); });

export default app;
