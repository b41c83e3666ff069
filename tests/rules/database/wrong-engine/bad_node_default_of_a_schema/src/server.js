const express = require('express');
const Book = require('./book');
const { sequelize } = require('./database');

const app = express();
app.get('/books', async (req, res) => res.json(await Book.findAll({ limit: 50 })));
sequelize.sync().then(() => app.listen(3000));
