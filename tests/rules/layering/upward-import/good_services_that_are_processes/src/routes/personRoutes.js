const express = require('express');
const personService = require('../services/personService');
const ticketService = require('../services/ticketService');
const mailService = require('../services/mailService');

const router = express.Router();

router.get('/:id', async (req, res) => {
  await mailService.send('desk', 'seen');
  const open = await ticketService.listOpen();
  res.json({ person: await personService.show(req.params.id), open });
});

module.exports = router;
