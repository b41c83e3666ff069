const express = require('express');
const { Horse, Rider, sequelize } = require('./models');

const app = express();
app.get('/horses', async (req, res) => res.json(await Horse.findAll({ limit: 50 })));
app.get('/riders', async (req, res) => res.json(await Rider.findAll({ limit: 50 })));
sequelize.sync({ alter: true }).then(() => app.listen(3000));
