const express = require('express');
const lines = require('./lines');

const router = express.Router();
router.get('/:orderId', (req, res) => res.json({ id: req.params.orderId }));
router.use('/:orderId/lines', lines);

module.exports = router;
