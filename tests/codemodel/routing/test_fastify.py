def test_plugins_with_prefixes_and_hooks(table):
    found = table(
        {
            "src/app.ts": """
            import Fastify, { FastifyInstance } from "fastify";
            import fp from "fastify-plugin";
            import items from "./items.js";

            const authenticate = async (request, reply) => {};
            const shared = fp(async (fastify) => {
              fastify.decorate("authenticate", authenticate);
              fastify.get("/shared", async () => "ok");
            });

            export async function build(): Promise<FastifyInstance> {
              const app = Fastify({ logger: true }).withTypeProvider();
              await app.register(shared, { prefix: "/ignored" });
              await app.register(async (api) => {
                api.register(items, { prefix: "/items" });
              }, { prefix: "/api" });
              return app;
            }
            """,
            "src/items.ts": """
            import type { FastifyPluginAsync } from "fastify";

            const plugin: FastifyPluginAsync = async (fastify, opts) => {
              fastify.addHook("onRequest", fastify.authenticate);
              fastify.get("/", { schema: {}, preHandler: [limit] }, list);
              fastify.route({ method: ["PUT", "PATCH"], url: "/:id", handler: change });
            };
            async function limit(request, reply) {}
            async function list(request, reply) {}
            async function change(request, reply) {}
            export default plugin;
            """,
        }
    )
    assert found.endpoints == [
        "GET /api/items",
        "PATCH /api/items/{id}",
        "PUT /api/items/{id}",
        "GET /shared",
    ]
    handlers = found.handlers("GET /api/items")
    assert handlers[0] == "list"
    assert "limit" in handlers
    assert len(handlers) == 3


def test_autoload_by_directory(table):
    found = table(
        {
            "src/app.js": """
            const path = require("node:path");
            const fastify = require("fastify")();
            fastify.register(require("@fastify/autoload"), {
              dir: path.join(__dirname, "routes"),
              options: { prefix: "/v1" },
            });
            """,
            "src/routes/root.js": """
            module.exports = async function (fastify) { fastify.get("/", async () => ({})); };
            """,
            "src/routes/users/index.js": """
            module.exports = async function (fastify) { fastify.get("/:id", async () => ({})); };
            """,
            "src/routes/users/helper.js": """
            module.exports = async function (fastify) { fastify.get("/helper", async () => ({})); };
            """,
            "src/routes/orders/list.js": """
            module.exports = async function (fastify) { fastify.get("/", async () => ({})); };
            module.exports.autoPrefix = "/all";
            """,
            "src/routes/odd/odd.js": """
            module.exports = async function (fastify) { fastify.post("/", async () => ({})); };
            module.exports.prefixOverride = "/else";
            """,
        }
    )
    assert found.endpoints == [
        "POST /else",
        "GET /v1",
        "GET /v1/orders/all",
        "GET /v1/users/{id}",
    ]
    assert found.incomplete() == []


def test_hooks_of_an_autoload_directory_run_before_its_routes(table):
    found = table(
        {
            "src/app.js": """
            import path from "node:path";
            import Fastify from "fastify";
            import autoload from "@fastify/autoload";
            const fastify = Fastify();
            fastify.register(autoload, {
              dir: path.join(import.meta.dirname, "routes"), autoHooks: true, cascadeHooks: true,
            });
            """,
            "src/routes/api/autohooks.js": """
            export default async function (fastify) { fastify.addHook("onRequest", check); }
            async function check(request) {}
            """,
            "src/routes/api/items/index.js": """
            export default async function (fastify) { fastify.get("/", list); }
            async function list(request) {}
            """,
            "src/routes/home.js": """
            export default async function (fastify) { fastify.get("/", home); }
            async function home(request) {}
            """,
        }
    )
    assert found.handlers("GET /api/items") == ["list", "check"]
    assert found.handlers("GET /") == ["home"]


def test_a_plugin_that_nothing_registers_is_open_ended(table):
    found = table(
        {
            "plugin.ts": """
            import { FastifyInstance } from "fastify";
            export async function routes(fastify: FastifyInstance) {
              fastify.get("/x", async () => ({}));
            }
            """
        }
    )
    assert found.endpoints == ["GET /{?}/x"]
