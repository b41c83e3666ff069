const db = require('../database');

async function list(req, res) {
  res.json(await db('invoice').limit(20));
}

module.exports = { list };
