import Router from "@koa/router";
import Koa from "koa";
import { sightings } from "./store.js";

const router = new Router();

router.get("/sightings", async (ctx) => {
  const { place, species, since } = ctx.query; // expect: query/filter-ignored
  ctx.body = { sightings: sightings({ place, since }) };
});

const app = new Koa();
app.use(router.routes());
app.listen(4000);
