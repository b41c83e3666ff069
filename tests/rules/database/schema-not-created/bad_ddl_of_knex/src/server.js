const express = require('express');
const { db } = require('./db');

const app = express();
app.get('/jars', async (req, res) => res.json(await db('jars').select('id', 'label').limit(50)));
app.listen(3000);
