const { Router } = require('express');

const router = Router();
const wrap = (fn) => (req, res, next) => Promise.resolve(fn(req, res, next)).catch(next);

router.get('/:slug', wrap(async (req, res) => res.json({ slug: req.params.slug })));
router.get('/feed', wrap(async (req, res) => res.json([]))); // expect: framework/route-order
router.post('/feed', wrap(async (req, res) => res.json([])));
router.route('/:slug/notes').get((req, res) => res.json([]));

module.exports = router;
