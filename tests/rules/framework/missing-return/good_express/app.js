const express = require('express');
const { Hono } = require('hono');

const app = express();
app.get('/', (c, res) => { res.json([]); c.text('x'); });
const hono = new Hono();
hono.get('/', (c) => c.text('ok'));

module.exports = { app, hono };
