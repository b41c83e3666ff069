const Koa = require('koa');
const { openModels } = require('./models');
const { Books } = require('./repositories/books');
const { Loans } = require('./repositories/loans');
const { createShelves } = require('./services/shelves');
const { shelfRoutes } = require('./routes/shelves');
const { loanRoutes } = require('./routes/loans');

const models = openModels(process.env.DATABASE_URL);
const shelves = createShelves({ books: new Books(models), loans: new Loans(models) });

const app = new Koa();
for (const routes of [shelfRoutes, loanRoutes]) {
  app.use(routes({ shelves }).routes());
}
app.listen(3000);
