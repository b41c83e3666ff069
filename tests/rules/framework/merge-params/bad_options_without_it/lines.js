const express = require('express');
const controller = require('./controller');

const router = express.Router({ strict: true }); // expect: express/merge-params
router.get('/', controller.list);
router.get('/:lineId', (req, res) => res.json(controller.find(req.params.lineId)));

module.exports = router;
