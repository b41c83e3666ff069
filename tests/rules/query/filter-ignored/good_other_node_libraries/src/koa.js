import Koa from "koa";
import Router from "@koa/router";
import { berths, cranes, pilots } from "./text.js";
import { ships } from "./knex.js";

const router = new Router();

const readFilters = async (ctx, next) => {
  ctx.state.filters = { flag: ctx.query.flag, port: ctx.query.port };
  await next();
};

router.get("/ships", readFilters, async (ctx) => {
  ctx.body = await ships({ ...ctx.state.filters, q: ctx.request.query.q });
});
router.get("/cranes", async (ctx) => {
  ctx.body = await cranes(ctx.query);
});
router.get("/berths", async (ctx) => {
  const { depth } = ctx.query;
  ctx.body = await berths(depth);
});
router.get("/pilots", async (ctx) => {
  const { name, rank } = ctx.query;
  ctx.body = await pilots(name, rank);
});

export const app = new Koa().use(router.routes());
