const express = require('express');

const router = express.Router();

router.get('/', (req, res) => { // expect: framework/unmounted-router
  res.json([]);
});

module.exports = router;
