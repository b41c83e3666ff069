const Koa = require("koa");
const Router = require("@koa/router");
const knex = require("knex")({ client: "pg", connection: process.env.DATABASE_URL });

const app = new Koa();
const router = new Router();

router.get("/users", async (ctx) => {
  ctx.body = await knex("users").select("id", "name").limit(20);
});

app.use(router.routes());
app.listen(3000);
