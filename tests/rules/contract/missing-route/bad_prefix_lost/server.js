const express = require('express');
const ships = require('./routes/ships');
const berths = require('./routes/berths');
const pilots = require('./routes/pilots');

const app = express();
app.use(express.json());
app.use('/api/ships', ships);
app.use('/api/berths', berths);
app.use('/pilots', pilots);
app.all('*', (req, res) => res.status(404).json({ error: 'not found' }));

module.exports = app;
