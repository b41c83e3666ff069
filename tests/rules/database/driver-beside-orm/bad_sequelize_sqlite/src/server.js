const express = require('express');
const views = require('./views');
const { sequelize } = require('./models');

const app = express();
app.get('/views/:page', async (req, res) => res.json(await views.count(req.params.page)));
sequelize.sync().then(() => app.listen(3000));
