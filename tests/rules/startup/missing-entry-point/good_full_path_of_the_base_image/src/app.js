const express = require('express');

const app = express();

app.get('/trees', (req, res) => res.json([]));

app.listen(process.env.PORT);
