const { Database } = require('sqlite3');

const db = new Database('library.db');

exports.list = async (ctx) => {
  exports.rows().then((rows) => {
    ctx.body = { loans: rows }; // expect: koa/late-body
  });
};

exports.rows = async () => [];

exports.count = (ctx) => {
  db.get('SELECT count(*) AS total FROM loans', (error, row) => {
    if (error) {
      ctx.status = 500; // expect: koa/late-body
      return;
    }
    ctx.body = row;
  });
};

exports.wait = async (ctx) => {
  setTimeout(() => {
    ctx.body = 'late'; // expect: koa/late-body
  }, 10);
};

exports.read = (ctx) => {
  exports
    .rows()
    .then((rows) => rows[0])
    .then((row) => {
      ctx.body = row; // expect: koa/late-body
    })
    .catch((error) => ctx.app.emit('error', error));
};
