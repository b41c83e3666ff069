def test_chained_sub_applications_and_middleware(table):
    found = table(
        {
            "src/index.ts": """
            import { Hono } from "hono";
            import books from "./books";

            const timing = async (c, next) => { await next(); };
            const guard = async (c, next) => { await next(); };
            const app = new Hono().basePath("/api");
            app.use(timing);
            app.use("/books/*", guard);
            app.route("/books", books);
            app.on(["PUT", "PATCH"], "/both", (c) => c.text("ok"));
            app.get("/open", (c) => c.text("ok"));
            export default app;
            """,
            "src/books.ts": """
            import { Hono } from "hono";
            const list = (c) => c.json([]);
            const show = (c) => c.json({});
            const app = new Hono().get("/", list).get("/:id{[0-9]+}", show).delete("/:id", show);
            export default app;
            """,
        }
    )
    assert found.endpoints == [
        "GET /api/books",
        "DELETE /api/books/{id}",
        "GET /api/books/{id}",
        "PATCH /api/both",
        "PUT /api/both",
        "GET /api/open",
    ]
    assert len(found.handlers("GET /api/books")) == 3
    assert len(found.handlers("GET /api/open")) == 2


def test_openapi_routes_and_handler_factories(table):
    found = table(
        {
            "src/app.ts": """
            import { OpenAPIHono } from "@hono/zod-openapi";
            import { createFactory } from "hono/factory";
            import { showUser } from "./routes";
            import { registerThings } from "./things";

            const factory = createFactory();
            const log = factory.createMiddleware(async (c, next) => { await next(); });
            const handlers = factory.createHandlers(log, async (c) => c.json({}));
            const app = new OpenAPIHono();
            app.openapi(showUser, async (c) => c.json({}));
            app.get("/made", ...handlers);
            registerThings({ app, prefix: "/things" });
            """,
            "src/routes.ts": """
            import { createRoute } from "@hono/zod-openapi";
            export const showUser = createRoute({ method: "get", path: "/users/{id}" });
            """,
            "src/things.ts": """
            export function registerThings({ app, prefix = "/none" }) {
              app.post(`${prefix}/new`, async (c) => c.json({}));
            }
            """,
        }
    )
    assert found.endpoints == ["GET /made", "POST /things/new", "GET /users/{id}"]
    assert len(found.handlers("GET /made")) == 2
