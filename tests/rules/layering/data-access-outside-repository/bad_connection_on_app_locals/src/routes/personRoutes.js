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

router.get('/', async (req, res) => {
  const { db } = req.app.locals;
  res.json(await db('people').limit(20)); // expect: layering/data-access-outside-repository error
});

module.exports = router;
