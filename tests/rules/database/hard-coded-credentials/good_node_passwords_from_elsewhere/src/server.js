const express = require('express');
const db = require('./db');

const app = express();
app.get('/tickets', async (req, res) => res.json(await db.list()));
app.listen(3000);
