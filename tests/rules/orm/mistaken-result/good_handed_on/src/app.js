const Koa = require('koa');
const Router = require('@koa/router');
const { MemberService } = require('./members.service');
const repository = require('./members.repository');

const members = new MemberService(repository);
const router = new Router();

router.get('/members', async (ctx) => {
  ctx.body = await members.page(Number(ctx.query.page) || 0);
});
router.get('/alike', async (ctx) => {
  ctx.body = await members.alike(['a@b', 'c@d']);
});
router.get('/members/:email', async (ctx) => {
  ctx.body = await members.one(ctx.params.email);
});
router.put('/members/:id', async (ctx) => {
  ctx.body = await members.rename(ctx.params.id, 'x');
});
router.post('/members/:email', async (ctx) => {
  ctx.body = await members.invite(ctx.params.email);
});
router.delete('/members/:id', async (ctx) => {
  ctx.body = await members.remove(ctx.params.id);
});

const app = new Koa();
app.use(router.routes());
app.listen(3000);
