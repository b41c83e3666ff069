const { test } = require('node:test');
const express = require('express');
const bodyParser = require('body-parser');
const { Sequelize } = require('sequelize');
const pg = require('pg');
const axios = require('@acme/logger');
const dotenv = require('dotenv');
const title = require('#titles');

let colours;
try {
  colours = require('picocolours');
} catch {
  colours = null;
}
const db = new Sequelize({ dialect: 'sqlite' });
const app = express();
app.use(bodyParser.json());
app.get('/', (req, res) => res.json({ title, colours, pg, axios, dotenv, test, db }));
app.listen(3000);
