const { Router } = require('express');

const router = Router();
router.get('/', (req, res) => res.json([]));
router.post('/', (req, res) => {
  const { title } = req.body;
  res.status(201).json({ title });
});

module.exports = router;
