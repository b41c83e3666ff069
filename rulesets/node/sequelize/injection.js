const express = require('express');
const { Sequelize, literal } = require('sequelize');

const { Item, parser, sequelize } = require('./models');

const app = express();

app.get('/items', async (req, res) => {
  const { title } = req.query;
  // ruleid: query-injection-sequelize
  await sequelize.query(`SELECT id FROM items WHERE title = '${title}'`);
  // ruleid: query-injection-sequelize
  await Item.findAll({ where: sequelize.literal(`title LIKE '%${title}%'`) });
  // ruleid: query-injection-sequelize
  await Item.findAll({ where: literal(`price < ${req.query.price}`) });
  // ok: query-injection-sequelize
  await sequelize.query('SELECT id FROM items WHERE title = :title', { replacements: { title } });
  // ok: query-injection-sequelize
  await sequelize.query(`SELECT id FROM items WHERE title = ${sequelize.escape(title)}`);
  // ok: query-injection-sequelize
  await Item.findAll({ order: sequelize.literal(`price ${title === 'up' ? 'ASC' : 'DESC'}`) });
  // ok: query-injection-sequelize
  await parser.query(`$.items[?(@.title == '${title}')]`);
  res.json({});
});

app.get('/checked', async (req, res) => {
  const { status } = req.query;
  if (!['open', 'closed'].includes(status)) {
    return res.sendStatus(400);
  }
  // ok: query-injection-sequelize
  return res.json(await sequelize.query(`SELECT id FROM items WHERE status = '${status}'`));
});

async function byTitle(words, limit) {
  // ruleid: query-injection-sequelize-parameter
  await sequelize.query(`SELECT id FROM items WHERE title LIKE '%${words}%'`);
  // ruleid: query-injection-sequelize-parameter
  await Item.findAll({ where: Sequelize.literal("title = '" + words + "'") });
  // ok: query-injection-sequelize-parameter
  await sequelize.query('SELECT id FROM items WHERE title = :words', { replacements: { words } });
  const table = 'items';
  // ok: query-injection-sequelize-parameter
  await sequelize.query(`SELECT count(*) FROM ${table} LIMIT ${limit}`);
  // ok: query-injection-sequelize-parameter
  return Item.count({ where: sequelize.literal(`price > ${limit}`) });
}

const seen = async (rows) => {
  await Promise.all(
    rows.map(async (id) => {
      // ok: query-injection-sequelize-parameter
      await sequelize.query(`UPDATE items SET seen = 1 WHERE id = '${id}'`);
    }),
  );
  for (const id of rows) {
    // ok: query-injection-sequelize-parameter
    await sequelize.query(`UPDATE items SET seen = 2 WHERE id = '${id}'`);
  }
};

module.exports = { byTitle, seen };
