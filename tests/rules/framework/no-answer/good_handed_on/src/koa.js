import Koa from 'koa';
import Router from '@koa/router';
import { ferries } from './ferries.js';

const answer = (ctx, body) => {
  ctx.body = body;
};
const app = new Koa();
const router = new Router();
router.get('/ferries', async (ctx) => {
  answer(ctx, await ferries.all());
});
router.get('/ports', async (ctx, next) => {
  ctx.state.ports = [];
  await next();
});
app.use(router.routes());
app.listen(3000);
