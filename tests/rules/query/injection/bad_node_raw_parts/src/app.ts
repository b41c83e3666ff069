import Router from '@koa/router';
import { PrismaClient } from '@prisma/client';
import knexFactory from 'knex';
import Koa from 'koa';

const knex = knexFactory({ client: 'pg' });
const prisma = new PrismaClient();
const router = new Router();

router.get('/items', async (ctx) => {
  const { sort, title } = ctx.query;
  ctx.body = await knex('items')
    .whereRaw(`lower(title) = '${title}'`) // expect: query/injection
    .orderByRaw(`${sort} DESC`); // expect: query/injection
});

router.get('/owners/:name', async (ctx) => {
  const name = ctx.params.name.trim();
  ctx.body = await prisma.$queryRawUnsafe(`SELECT id FROM owners WHERE name = '${name}'`); // expect: query/injection
});

const app = new Koa();
app.use(router.routes());
app.listen(3000);
