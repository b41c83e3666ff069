const { Router } = require('express');
const loanService = require('../services/loanService');

const router = Router();

router.get('/:id', async (req, res) => {
  res.json(await loanService.due(Number(req.params.id)));
});

module.exports = router;
