const Koa = require('koa');
const Router = require('@koa/router');
const { addCrates } = require('./routes/crates');
const { addShelves } = require('./routes/shelves');
const { addLoans } = require('./routes/loans');

const router = new Router();
addCrates(router);
addShelves(router);
addLoans(router);

const app = new Koa();
app.use(router.routes());

module.exports = app;
