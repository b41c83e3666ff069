const express = require('express');
const fastify = require('fastify')();

const router = express.Router();
router.get('/feed', (req, res) => res.json([]));
router.get('/:slug', (req, res, next) => (req.params.slug === 'new' ? next() : res.json({})));
router.get('/new', (req, res) => res.json({}));
router.get('/numbers/:id(\\d+)', (req, res) => res.json({}));
router.get('/numbers/last', (req, res) => res.json({}));
router.get('/one', (req, res, next) => next());
router.get('/one', (req, res) => res.json({}));
router.delete('/:slug', (req, res) => res.json({}));
router.all('/any/:slug', (req, res, next) => next());
router.get('/any/thing', (req, res) => res.json({}));

fastify.get('/:slug', async () => ({}));
fastify.get('/feed', async () => []);

const app = express();
app.use('/articles', router);
if (process.env.NODE_ENV === 'development') {
  app.get('/:anything', (req, res) => res.json({}));
}
app.get('/status', (req, res) => res.json({}));

module.exports = app;
