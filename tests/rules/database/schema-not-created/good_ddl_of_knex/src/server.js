const express = require('express');
const { db, prepare: makeTables } = require('./db');

const app = express();
app.get('/jars', async (req, res) => res.json(await db('jars').select('id', 'label').limit(50)));
makeTables().then(() => app.listen(3000));
