const Koa = require('koa');
const Router = require('@koa/router');
const loans = require('./loans');

const router = new Router();
router.get('/loans', loans.list);
router.get('/loans/count', loans.count);
router.get('/loans/wait', loans.wait);
router.get('/loans/:id', loans.read);

new Koa().use(router.routes()).listen(3000);
