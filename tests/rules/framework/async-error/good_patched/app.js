require('express-async-errors');
const app = require('express')();

app.get('/', async (req, res) => res.json(await Promise.resolve([])));
