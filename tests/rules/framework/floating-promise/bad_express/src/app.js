const express = require('express');
const store = require('./store');

const app = express();

app.get('/bells', (req, res) => {
  store.list().then((found) => found.map(store.shown)).then((shown) => res.json(shown)); // expect: framework/floating-promise
});
app.listen(3000);
