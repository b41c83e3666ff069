const { Router } = require('express');
const { Plot } = require('../models');

const router = Router();

router.get('/', async (req, res) => {
  res.json(await Plot.find({}).populate('holder').populate('neighbour').limit(50)); // expect: orm/association-mismatch
});

module.exports = router;
