const { Router } = require('express');
const { Plot } = require('../models');

const router = Router();

router.delete('/:id', async (req, res) => {
  const plot = Plot.findById(req.params.id); // expect: orm/coroutine-not-awaited
  if (!plot) return res.sendStatus(404);
  Plot.deleteOne({ _id: req.params.id }); // expect: orm/coroutine-not-awaited
  res.sendStatus(204);
});

module.exports = router;
