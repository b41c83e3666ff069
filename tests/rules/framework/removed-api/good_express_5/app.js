const express = require('express');

const app = express();
app.get('/loans', (req, res) => {
  res.status(200).send('loans');
  res.redirect(303, '/members');
});
app.delete('/loans/:id', (req, res) => res.sendStatus(204));
app.get('/count', (req, res) => res.json(204));
app.get('/total', (req, res) => res.status(200).send(String(300)));
app.get('/name', (request, response) => {
  const client = { send: (status) => status, param: (name) => name };
  client.send(204);
  client.param('id');
  response.json({ name: 'library' });
});
app.listen(3000);
