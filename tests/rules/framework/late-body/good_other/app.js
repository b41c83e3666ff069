const express = require('express');
const Koa = require('koa');

const app = express();
const rows = async () => [];
app.get('/loans', (ctx, res) => {
  rows().then((found) => {
    ctx.body = found;
    res.json(found);
  });
});

const koa = new Koa();
koa.use(async (ctx) => {
  rows().then((found) => console.log(found.length));
  ctx.body = 'ok';
});
koa.listen(3000);
