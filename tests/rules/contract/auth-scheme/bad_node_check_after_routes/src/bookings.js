const { Router } = require('express');
const { authenticate } = require('./auth');
const store = require('./store');

const router = Router();

router
  .route('/')
  .get((req, res) => res.json(store.list()))
  .post((req, res) => res.status(201).json(store.add(req.body)));
router.use(authenticate); // expect: contract/auth-scheme
router.delete('/:id', (req, res) => {
  store.remove(req.params.id);
  res.sendStatus(204);
});

module.exports = router;
