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

router.get('/branches', async (req, res, next) => {
  try {
    res.json(await req.members.all());
  } catch (error) {
    if (!error.known) {
      next(error);
    } else {
      // ok: express-reply-twice
      res.status(404).json({});
    }
  }
});

router.get('/returned', async (req, res, next) => {
  try {
    res.json(await req.members.all());
  } catch (error) {
    if (!error.known) {
      next(error);
      return;
    }
    // ok: express-reply-twice
    res.status(404).json({});
  }
});

router.get('/returned/short', async (req, res, next) => {
  try {
    res.json(await req.members.all());
  } catch (error) {
    if (!error.known) return next(error);
    // ok: express-reply-twice
    res.status(404).json({});
  }
});

router.get('/switch', async (req, res, next) => {
  try {
    res.json(await req.members.all());
  } catch (error) {
    switch (error.code) {
      case 1:
        next(error);
        break;
      default:
        // ok: express-reply-twice
        res.status(404).json({});
    }
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

router.get('/callbacks', async (req, res, next) => {
  try {
    res.json({});
  } catch (error) {
    next(error);
    // ok: express-reply-twice
    req.log.send(error);
    req.on('close', () => {
      // ok: express-reply-twice
      res.end();
    });
  }
});

// a queue of one's own
function drain(queue, res) {
  const next = (error) => queue.push(error);
  try {
    queue.run();
  } catch (error) {
    next(error);
    // ok: express-reply-twice
    res.end();
  }
}

module.exports = { drain, router };
