const Koa = require('koa');
const { createContainer } = require('./container');

const app = new Koa();
const { routes } = createContainer(process.env.DATABASE_URL);
app.use(routes.routes());
app.listen(3000);
