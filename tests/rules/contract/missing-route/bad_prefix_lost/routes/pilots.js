const { Router } = require('express');

const router = Router();
router.get('/', (req, res) => res.json([])); // expect: contract/missing-route

module.exports = router;
