const app = require('express')();

app.all('*', (req, res) => res.status(404).end());
