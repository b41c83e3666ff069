const express = require('express');
const sqlite3 = require('sqlite3');
const { sequelize } = require('./models');

const places = new sqlite3.Database(process.env.PLACES_FILE);
const app = express();
app.get('/places', (req, res) => places.all('SELECT name FROM places', (error, rows) => res.json(rows)));
sequelize.sync().then(() => app.listen(3000));
