const express = require('express');
const store = require('./store');

const app = express();
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

app.get('/bells', (req, res, next) => {
  store.list().then((found) => res.json(found)).catch(next);
});
app.get('/safe', (req, res, next) => {
  store.list().then((found) => res.json(found), next);
});
app.get('/kept', (req, res) => {
  store.kept().then((found) => res.json(found));
});
app.get('/late', (req, res) => {
  sleep(100).then(() => res.json([]));
});
app.get('/count', async (req, res) => {
  store.list().then((found) => store.note(found.length));
  res.json({ ok: true });
});
app.listen(3000);
