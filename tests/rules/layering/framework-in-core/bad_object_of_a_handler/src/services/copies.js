const copies = require('../repositories/copies');

module.exports = { list: (name) => copies.list(name) };
