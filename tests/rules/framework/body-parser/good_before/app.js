const express = require('express');
const { json } = express;

const app = express();
app.get('/', (req, res) => res.json([]));
app.post('/hook', express.raw({ type: '*/*' }), (req, res) => res.json(req.body.length));
app.use(json());
app.post('/', (req, res) => res.json(req.body.title));

module.exports = app;
