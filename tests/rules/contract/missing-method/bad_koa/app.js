const Koa = require('koa');
const tasks = require('./tasks');

const app = new Koa();
app.use(tasks.routes()).use(tasks.allowedMethods());
app.listen(3000);
