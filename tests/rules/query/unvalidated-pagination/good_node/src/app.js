const express = require('express');
const { query, validationResult } = require('express-validator');
const { Pool } = require('pg');
const { Stone } = require('./models');

const app = express();
const pool = new Pool();

const number = (text, fallback) => {
  const value = Number.parseInt(text, 10);
  return Number.isNaN(value) ? fallback : value;
};

app.get('/stones', async (req, res) => {
  const page = Math.max(1, +req.query.page || 1);
  const size = Math.min(number(req.query.size, 20), 100);
  res.json(await Stone.findAll({ limit: size, offset: (page - 1) * size }));
});

app.get('/checked', query('limit').isInt({ max: 100 }).toInt(), async (req, res) => {
  if (!validationResult(req).isEmpty()) return res.status(422).end();
  return res.json(await Stone.findAll({ limit: req.query.limit }));
});

app.get('/guarded', async (req, res) => {
  const { limit = '20', offset = '0' } = req.query;
  if (!/^\d{1,3}$/.test(limit) || !/^\d+$/.test(offset)) {
    return res.status(422).json({ errors: { limit: ['is no number'] } });
  }
  const { rows } = await pool.query('SELECT id, colour, mass FROM blocks LIMIT $1 OFFSET $2', [limit, offset]);
  return res.json(rows);
});

app.get('/allowed', async (req, res) => {
  const limit = ['10', '20', '50'].includes(req.query.limit) ? req.query.limit : '10';
  const found = await pool.query('SELECT id, colour, mass FROM blocks LIMIT $1', [limit]);
  res.json(found.rows);
});

module.exports = app;
