def test_prefixes_nesting_names_and_mounts(table):
    found = table(
        {
            "src/app.js": """
            const Koa = require("koa");
            const mount = require("koa-mount");
            const compose = require("koa-compose");
            const articles = require("./articles");
            const other = require("./other");

            const app = new Koa();
            const api = new Koa();
            api.use(compose([articles.routes(), articles.allowedMethods()]));
            app.use(mount("/api", api));
            app.use(other());
            """,
            "src/articles.js": """
            const Router = require("@koa/router");
            const auth = async (ctx, next) => { await next(); };
            const list = async (ctx) => {};
            const router = new Router({ prefix: "/articles" });
            const comments = new Router();
            comments.get("comments", "/:cid", auth, list);
            router.get(["/", "/all"], list);
            router.use("/:slug/comments", comments.routes(), comments.allowedMethods());
            router.del("/:slug", auth, list);
            module.exports = router;
            """,
            "src/other.js": """
            const Router = require("koa-router");
            const r = new Router();
            module.exports = () => {
              r.prefix("/v1");
              r.register("/raw", ["get", "post"], async (ctx) => {});
              return r.routes();
            };
            """,
        }
    )
    assert found.endpoints == [
        "GET /api/articles",
        "GET /api/articles/all",
        "DELETE /api/articles/{slug}",
        "GET /api/articles/{slug}/comments/{cid}",
        "GET /v1/raw",
        "POST /v1/raw",
    ]
    assert len(found.handlers("DELETE /api/articles/{slug}")) == 2


def test_application_that_is_handed_in(table):
    found = table(
        {
            "web.ts": """
            import Koa from "koa";
            import Router from "koa-router";
            const router = new Router();
            router.post("things.list", async (ctx) => {});
            export default function init(app: Koa = new Koa()) {
              app.use(router.routes());
              return app;
            }
            """
        }
    )
    assert found.endpoints == ["POST /things.list"]
    assert found.incomplete() == []
