const express = require('express');

const router = express.Router();

router.get('/orders', async (req, res, next) => {
  try {
    res.json(await req.orders.all());
  } catch (error) {
    next(error);
    // ruleid: express-reply-twice
    res.status(500).json({ error: 'failed' });
  }
});

router.post('/orders', async (req, res, next) => {
  try {
    res.json(await req.orders.add(req.body));
  } catch (error) {
    next(error);
    // ruleid: express-reply-twice
    res.sendStatus(500);
  }
});

router.get('/members', async (req, res, next) => {
  try {
    res.json(await req.members.all());
  } catch (error) {
    if (error.known) {
      // ok: express-reply-twice
      return res.status(404).json({});
    }
    next(error);
  }
});

router.get('/health', async (req, res, next) => {
  try {
    // ok: express-reply-twice
    res.json({});
  } catch (error) {
    return next(error);
  }
});

module.exports = router;
