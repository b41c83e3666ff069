const { createServer } = require('node:http');
const { Database } = require('./database');

const database = new Database(process.env.DATABASE_URL);
database.prepare().then(() => createServer(() => {}).listen(3000));
