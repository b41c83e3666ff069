import Koa from 'koa';

new Koa().use((ctx) => { ctx.body = []; }).listen(3000);
