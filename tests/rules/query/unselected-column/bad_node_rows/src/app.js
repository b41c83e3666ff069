const express = require('express');
const trees = require('./trees');

const app = express();

app.get('/sorts', async (req, res, next) => {
  try {
    res.json({ sorts: await trees.sorts() });
  } catch (error) {
    next(error);
  }
});

app.get('/trees/:id', async (req, res, next) => {
  try {
    const tree = await trees.findTree(req.params.id);
    if (!tree) return res.status(404).end();
    res.json({ tree });
  } catch (error) {
    next(error);
  }
});

app.listen(3000);
