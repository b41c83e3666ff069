const Koa = require('koa');
const copies = require('./routes/copies');
const fines = require('./routes/fines');
const loans = require('./routes/loans');
const members = require('./routes/members');

const app = new Koa();
for (const router of [copies, fines, loans, members]) {
  app.use(router.routes());
}
app.listen(3000);
