const db = require('../database');

async function list(req, res) {
  res.json(await db('order').limit(20));
}

module.exports = { list };
