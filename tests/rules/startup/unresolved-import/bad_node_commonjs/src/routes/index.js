const { Router } = require('express');
const { list, findOne } = require('../services/orderService'); // expect: startup/unresolved-import

const router = Router();
router.get('/', (req, res) => res.json(list()));
router.get('/:id', (req, res) => res.json(findOne(req.params.id)));

module.exports = router;
