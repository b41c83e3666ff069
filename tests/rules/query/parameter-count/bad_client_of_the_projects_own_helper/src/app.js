const express = require('express');
const hives = require('./hives');

const app = express();
app.use(express.json());

app.put('/hives/:id', async (req, res) => {
  await hives.rename(req.params.id, req.body.name);
  res.status(204).end();
});

app.listen(3000);
