const express = require('express');
const fs = require('fs');
const { Sequelize } = require('sequelize');
const { titleOf } = require('./titles');

const db = new Sequelize({ dialect: 'sqlite', storage: 'shop.sqlite' }); // expect: startup/undeclared-dependency
const app = express();
app.get('/', (req, res) => res.json({ title: titleOf(fs.readFileSync('title.txt', 'utf8')), db: db.getDialect() }));
app.listen(3000);
