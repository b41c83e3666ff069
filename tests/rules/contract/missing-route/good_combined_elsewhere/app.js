const Koa = require('koa');
const combine = require('koa-combine-routers');
const tents = require('./tents');
const fires = require('./fires');

const app = new Koa();
app.use(tents.routes());
app.use(combine(fires)());
