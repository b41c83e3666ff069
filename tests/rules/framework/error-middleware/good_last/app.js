const express = require('express');

const app = express();
app.use(express.json());
app.use((err, req, res, next) => res.status(400).json({ error: err.message }));
app.get('/', (req, res) => res.json([]));
app.use((req, res) => res.status(404).json({}));
app.use((err, req, res, next) => res.status(500).json({ error: err.message }));

module.exports = app;
