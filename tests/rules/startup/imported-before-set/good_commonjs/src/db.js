const mysql = require('mysql2/promise');

let pool;
let replica = null;
let cache;

function openCache() {
  cache = new Map();
}

openCache();

async function connect() {
  pool = mysql.createPool(process.env.DATABASE_URL);
  replica = mysql.createPool(process.env.REPLICA_URL);
  module.exports.replica = replica;
}

function getPool() {
  return pool;
}

module.exports = { getPool, connect, replica, cache, pool };
