const express = require('express');
const orders = require('./orders');

const app = express();
const router = express.Router();
router.get('/:orderId', orders.show);
router.put('/:orderId/lines/:line', (req, res) => {
  const { orderId, lineId } = req.params; // expect: framework/path-parameter
  res.json({ orderId, lineId });
});
app.use('/orders', router);

module.exports = app;
