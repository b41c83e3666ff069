import Koa from 'koa';
import Router from '@koa/router';
import { ferries } from './ferries.js';

const app = new Koa();
const router = new Router();
router.delete('/ferries/:id', async (ctx) => {
  await ferries.remove(ctx.params.id);
  ctx.status = 204;
});
app.use(router.routes());
app.listen(3000);
