const Koa = require('koa');

const router = require('./routes');

const app = new Koa();
app.use(router); // expect: framework/called-handler
app.listen(3000);
