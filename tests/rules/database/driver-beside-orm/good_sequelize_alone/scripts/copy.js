const sqlite3 = require('sqlite3');

const handle = new sqlite3.Database(process.env.SHOP_FILE);
handle.all('SELECT * FROM Orders', (error, rows) => console.log(rows));
