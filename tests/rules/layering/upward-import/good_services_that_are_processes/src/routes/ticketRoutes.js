const express = require('express');
const ticketService = require('../services/ticketService');
const mailService = require('../services/mailService');

const router = express.Router();

router.get('/', async (req, res) => {
  res.json(await ticketService.listOpen());
});

router.post('/:id/close', async (req, res) => {
  await mailService.send('desk', 'closed');
  res.json(await ticketService.close(req.params.id, req.body.person));
});

module.exports = router;
