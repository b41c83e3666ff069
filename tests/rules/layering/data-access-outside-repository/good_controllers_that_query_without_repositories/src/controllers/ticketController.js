const db = require('../database');

async function list(req, res) {
  res.json(await db('ticket').limit(20));
}

module.exports = { list };
