const sqlite3 = require('sqlite3');

const handle = new sqlite3.Database(process.env.SHOP_FILE || 'shop.sqlite'); // expect: database/driver-beside-orm

function count(page) {
  return new Promise((resolve, reject) => {
    handle.get('SELECT COUNT(*) AS total FROM views WHERE page = ?', [page], (error, row) =>
      error ? reject(error) : resolve(row.total)
    );
  });
}

module.exports = { count };
