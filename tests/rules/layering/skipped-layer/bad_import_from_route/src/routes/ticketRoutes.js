const express = require('express');
const ticketService = require('../services/ticketService');
const tickets = require('../repositories/ticketRepository'); // expect: layering/skipped-layer error
const mailService = require('../services/mailService');

const router = express.Router();

router.get('/', async (req, res) => {
  res.json(await ticketService.listOpen());
});

router.post('/:id/close', async (req, res) => {
  await mailService.send('desk', 'closed');
  res.json(await ticketService.close(req.params.id, req.body.person));
});

router.get('/:id', async (req, res) => {
  res.json(await tickets.findOne(req.params.id));
});

module.exports = router;
