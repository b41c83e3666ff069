import Koa from 'koa';
import Router from '@koa/router';
import { ferries } from './ferries.js';

const app = new Koa();
const router = new Router();
router.delete('/ferries/:id', async (ctx) => {  // expect: framework/no-answer
  await ferries.remove(ctx.params.id);
});
app.use(router.routes());
app.listen(3000);
