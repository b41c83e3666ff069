const express = require('express');
const { Horse, Rider } = require('./models');

const app = express();
app.get('/horses', async (req, res) => res.json(await Horse.findAll({ limit: 50 })));
app.get('/riders', async (req, res) => res.json(await Rider.findAll({ limit: 50 })));
app.listen(3000);
