const express = require('express');

const app = express();
app.get('/', async (req, res) => res.json(await import('./page.mjs')));
module.exports = app;
