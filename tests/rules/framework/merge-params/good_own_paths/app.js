const express = require('express');

const router = express.Router();
router.get('/orders/:orderId/lines', (req, res) => res.json({ order: req.params.orderId }));
router.get('/lines', (req, res) => res.json({ order: req.params.orderId ?? null }));

const app = express();
app.use('/', router);
app.use('/:orderId', router);
app.use('/:tenant/rest', express.Router(JSON.parse(process.env.ROUTER ?? '{}')).get('/', (req, res) => {
  res.json({ tenant: req.params.tenant });
}));

module.exports = app;
