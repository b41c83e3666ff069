const { Router } = require('express');

const router = Router();
const ONE = '/:id(\\d+)';

router.get(ONE, (req, res) => res.json({ id: req.params.id })); // expect: framework/path-syntax
router.delete(ONE, (req, res) => res.status(204).end());
router.route('/page/:number?').get((req, res) => res.json([])); // expect: framework/path-syntax

module.exports = router;
