const express = require('express');
const Joi = require('joi');
const { z } = require('zod');
const { Op } = require('sequelize');
const { sequelize, Book, Tag } = require('./models');
const { buildWhere, fromFields, pick, fromTable, tagged } = require('./filters');
const { Features } = require('./features');
const { Criteria, load, loud, deferred } = require('./criteria');

const app = express();
const schema = Joi.object({ genre: Joi.string(), limit: Joi.number().max(100) });
const shape = z.object({ genre: z.string().optional(), limit: z.coerce.number().max(100).default(20) });

function pager(req, res, next) {
  const page = Math.max(Number(req.query.page) || 1, 1);
  req.pager = { limit: 20, offset: (page - 1) * 20 };
  req.filter = fromFields(req.query);
  next();
}

app.get('/helper', async (req, res) => {
  res.json(await Book.findAll({ where: buildWhere(req.query), limit: 50 }));
});

app.get('/looped', async (req, res) => {
  res.json(await Book.findAll({ where: fromFields(req.query), limit: 50 }));
});

app.get('/picked', async (req, res) => {
  const filter = pick(req.query, ['genre', 'shelf']);
  res.json(await Book.findAll({ where: filter, limit: 50 }));
});

app.get('/validated', async (req, res) => {
  const { value, error } = schema.validate(req.query);
  if (error) return res.status(422).json({ error: error.message });
  return res.json(await Book.findAll({ where: { genre: value.genre }, limit: value.limit }));
});

app.get('/parsed', async (req, res) => {
  const { genre, limit } = shape.parse(req.query);
  res.json(await Book.findAll({ where: genre ? { genre } : {}, limit }));
});

app.get('/middleware', pager, async (req, res) => {
  res.json(await Book.findAll({ where: req.filter, ...req.pager }));
});

app.get('/features', async (req, res) => {
  const features = new Features(Book, req.query).filter().sort().paginate();
  res.json(await features.run());
});

app.get('/table', async (req, res) => {
  res.json(await Book.findAll({ where: { [Op.and]: fromTable(req.query) }, limit: 50 }));
});

app.get('/spread', async (req, res) => {
  const { genre, author } = req.query;
  const where = { ...(genre && { genre }), ...(author ? { author } : {}) };
  res.json(await Book.findAll({ where, limit: 50 }));
});

app.get('/url', async (req, res) => {
  const genre = new URL(req.url, 'http://localhost').searchParams.get('genre');
  res.json(await Book.findAll({ where: { genre }, limit: 50 }));
});

app.get('/scoped', async (req, res) => {
  const { genre, shelf } = req.query;
  const scopes = [];
  if (genre) scopes.push({ method: ['of', genre] });
  const found = await Book.scope(scopes).findAll({ limit: 50 });
  res.json(found.filter((book) => !shelf || book.shelf === shelf));
});

app.get('/included', (req, res, next) => {
  const { tag } = req.query;
  Book.findAll({ include: tagged(tag), limit: 50 })
    .then((books) => res.json(books))
    .catch(next);
});

app.get('/counted', async (req, res) => {
  const { tag, order = 'newest' } = req.query;
  let direction;
  switch (order) {
    case 'oldest':
      direction = 'ASC';
      break;
    default:
      direction = 'DESC';
  }
  const [books, total] = await Promise.all([
    Book.findAll({ include: [{ model: Tag, as: 'tags', where: { name: tag } }], order: [['id', direction]], limit: 9 }),
    Book.count({ include: [{ model: Tag, as: 'tags', where: { name: tag } }], distinct: true }),
  ]);
  res.json({ books, total });
});

app.get('/literal', async (req, res) => {
  const tag = req.query.tag;
  const where = tag
    ? sequelize.literal(`id IN (SELECT BookId FROM book_tags WHERE TagId = ${sequelize.escape(tag)})`)
    : undefined;
  res.json(await Book.findAll({ where, limit: 50 }));
});

app.get('/setter', async (req, res) => {
  const criteria = new Criteria();
  criteria.genre = req.query.genre;
  res.json(await load(criteria.where));
});

app.get('/forwarded', async (req, res) => {
  res.json(await loud({ genre: req.query.genre }));
});

app.get('/deferred', async (req, res) => {
  await Book.findAll({ limit: 1 });
  res.json(await deferred(req.query.author));
});

app.get('/asked', async (req, res) => {
  res.json(await Book.findAll({ where: { genre: req.param('genre') }, limit: 50 }));
});

const answer = (find) => async (req, res) => res.json(await find(req.query));

app.get('/handed', answer(async ({ status, genre }) => Book.findAll({ where: { status, genre }, limit: 50 })));

module.exports = app;
