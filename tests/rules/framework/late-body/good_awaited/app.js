const Koa = require('koa');
const Router = require('@koa/router');
const { Database } = require('sqlite3');

const db = new Database('library.db');
const rows = async () => [];
const router = new Router();

router.get('/a', (ctx) => rows().then((found) => {
  ctx.body = found;
}));
router.get('/b', async (ctx) => {
  await rows().then((found) => {
    ctx.body = found;
  });
});
router.get('/c', async (ctx) => {
  await new Promise((resolve, reject) => {
    db.all('SELECT id FROM loans LIMIT 10', (error, found) => {
      if (error) return reject(error);
      ctx.body = found;
      resolve();
    });
  });
});
router.get('/d', async (ctx) => {
  const done = rows().then((found) => {
    ctx.body = found;
  });
  await done;
});
router.get('/e', (ctx) => {
  const found = [];
  [1, 2].forEach((id) => {
    found.push(id);
    ctx.status = 200;
  });
  ctx.body = found;
});
router.get('/f', (ctx) => {
  ctx.respond = false;
  rows().then((found) => {
    ctx.body = found;
    ctx.res.end(JSON.stringify(found));
  });
});
router.get('/g', async (ctx) => {
  ctx.body = await rows();
  rows().then((found) => {
    ctx.state.found = found;
  });
});

new Koa().use(router.routes()).listen(3000);
