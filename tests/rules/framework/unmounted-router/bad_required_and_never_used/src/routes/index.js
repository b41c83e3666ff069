const express = require('express');
const orders = require('./orders');
const users = require('./users');
const tags = require('./tags');
const { sequelize } = require('../models');

const app = express();

app.use('/orders', orders);
app.use('/users', users);

sequelize.sync();

module.exports = app;
