const express = require('express');

const app = express();
app.get('/', (req, res) => res.render('index'));
app.get('/login', (req, res) => res.render('login'));
app.get('/api/beds', (req, res) => res.json([]));
app.post('/api/beds', (req, res) => res.status(201).json({}));
app.get('/api/beds/:id', (req, res) => res.json({ id: req.params.id }));
app.get('/api/docs', (req, res) => res.render('docs'));

module.exports = app;
