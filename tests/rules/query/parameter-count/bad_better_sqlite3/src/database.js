const Database = require('better-sqlite3');

module.exports = new Database('shop.db');
