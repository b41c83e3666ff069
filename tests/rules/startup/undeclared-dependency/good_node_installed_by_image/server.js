const Koa = require('koa');
const slugify = require('slugify');
const { port } = require('settings/port');

new Koa().use((ctx) => { ctx.body = slugify('A shop'); }).listen(port);
