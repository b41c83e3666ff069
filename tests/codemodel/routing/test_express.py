def test_nested_routers_with_middleware_before_them(table):
    found = table(
        {
            "src/app.js": """
            const express = require("express");
            const { requireUser } = require("./auth");
            const api = require("./api");

            const app = express();
            app.use(express.json());
            app.get("/health", (req, res) => res.send("ok"));
            app.use("/api", requireUser, api);
            app.use((err, req, res, next) => res.status(500).end());
            module.exports = app;
            """,
            "src/auth.js": """
            exports.requireUser = function requireUser(req, res, next) { next(); };
            """,
            "src/api/index.js": """
            const { Router } = require("express");
            const router = Router();
            router.use("/items", require("./items"));
            module.exports = router;
            """,
            "src/api/items.js": """
            const express = require("express");
            const router = express.Router({ mergeParams: true });
            const controller = require("./controller");
            router.route("/:id(\\\\d+)").get(controller.show).delete(controller.remove);
            router.get("/", controller.list);
            module.exports = router;
            """,
            "src/api/controller.js": """
            async function list(req, res) {}
            async function show(req, res) {}
            const remove = async (req, res) => {};
            module.exports = { list, show, remove };
            """,
        }
    )
    assert found.endpoints == [
        "GET /api/items",
        "DELETE /api/items/{id}",
        "GET /api/items/{id}",
        "GET /health",
    ]
    assert found.handlers("GET /api/items") == ["list", "requireUser"]
    assert len(found.handlers("GET /health")) == 1


def test_middleware_used_after_a_route_does_not_run_for_it(table):
    found = table(
        {
            "app.js": """
            import express from "express";
            function late(req, res, next) { next(); }
            function a(req, res) {}
            function b(req, res) {}
            const app = express();
            app.get("/a", a);
            app.use(late);
            app.get("/b", b);
            """
        }
    )
    assert found.handlers("GET /a") == ["a"]
    assert found.handlers("GET /b") == ["b", "late"]


def test_routers_from_factories_with_wrapped_and_bound_handlers(table):
    found = table(
        {
            "src/server.ts": """
            import express, { Express } from "express";
            import { createItemRouter } from "./items";
            import { ItemController } from "./controller";
            import registerUsers from "./users";

            export function createApp(): Express {
              const app = express();
              app.use("/items", createItemRouter(new ItemController()));
              registerUsers(app);
              return app;
            }
            """,
            "src/items.ts": """
            import { Router } from "express";
            import { ItemController } from "./controller";
            import { asyncHandler } from "./async-handler";

            export function createItemRouter(controller: ItemController): Router {
              const router = Router();
              router.get("/", asyncHandler(controller.list));
              router.post("/", controller.create.bind(controller));
              router.put("/:id", (req, res) => controller.update(req, res));
              return router;
            }
            """,
            "src/controller.ts": """
            export class ItemController {
              list = async (req, res) => {};
              async create(req, res) {}
              async update(req, res) {}
            }
            """,
            "src/async-handler.ts": """
            export const asyncHandler = (fn) => (req, res, next) => fn(req, res, next).catch(next);
            """,
            "src/users.ts": """
            import { Application } from "express";
            const show = (req, res) => {};
            export default (app: Application) => {
              app.get("/users/:name", show);
            };
            """,
        }
    )
    assert found.endpoints == ["GET /items", "POST /items", "PUT /items/{id}", "GET /users/{name}"]
    assert found.handlers("POST /items") == ["ItemController.create"]
    assert len(found.handlers("GET /items")) == 3


def test_routers_kept_in_a_table_and_in_classes(table):
    found = table(
        {
            "src/index.ts": """
            import { App } from "./app";
            import { UserRoutes } from "./user-routes";
            import health from "./health";

            new App([new UserRoutes()], [{ path: "/health", router: health }]);
            """,
            "src/app.ts": """
            import express from "express";

            export class App {
              private app: express.Application;
              constructor(routes, table) {
                this.app = express();
                routes.forEach((route) => {
                  this.app.use("/api", route.router);
                });
                for (const { path, router } of table) this.app.use(path, router);
              }
            }
            """,
            "src/user-routes.ts": """
            import { Router } from "express";

            export class UserRoutes {
              public path = "/users";
              public router = Router();

              constructor() {
                this.initialise();
              }

              private initialise() {
                this.router.get(`${this.path}/:id`, this.show);
              }

              show = async (req, res) => {};
            }
            """,
            "src/health.ts": """
            import { Router } from "express";
            const router = Router();
            router.get("/", (req, res) => res.end());
            export default router;
            """,
        }
    )
    assert found.endpoints == ["GET /api/users/{id}", "GET /health"]


def test_all_that_passes_on_is_middleware(table):
    found = table(
        {
            "app.js": """
            const express = require("express");
            const app = express();
            const guard = (req, res, next) => { next(); };
            const show = (req, res) => {};
            app.route("/x").all(guard).get(show);
            app.all("/y", show);
            """
        }
    )
    assert found.endpoints == ["GET /x", "ANY /y"]
    assert len(found.handlers("GET /x")) == 2


def test_a_router_mounted_twice_and_one_mounted_nowhere(table):
    found = table(
        {
            "app.js": """
            const express = require("express");
            const app = express();
            const shared = express.Router();
            shared.get("/s", (req, res) => {});
            app.use(["/v1", "/v2"], shared);
            const lost = express.Router();
            lost.get("/l", (req, res) => {});
            """
        }
    )
    assert found.endpoints == ["GET /v1/s", "GET /v2/s", "GET /{?}/l"]
    assert found.incomplete() == ["GET /{?}/l"]


def test_settings_are_no_routes_and_computed_paths_stay_open(table):
    found = table(
        {
            "app.js": """
            const express = require("express");
            const app = express();
            const prefix = process.env.PREFIX || "/api";
            app.set("view engine", "pug");
            app.get("view engine");
            app.get(prefix + "/x", (req, res) => {});
            app.get(`/${require("os").hostname()}/y`, (req, res) => {});
            """
        }
    )
    assert found.endpoints == ["GET /api/x", "GET /{?}/y"]
    assert found.incomplete() == ["GET /{?}/y"]
