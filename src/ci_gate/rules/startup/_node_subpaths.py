"""Parts of a package's family that are asked for as if they were inside the package itself."""

from __future__ import annotations

from typing import Final

#: package -> the names after ``package/`` that it has never exported, as what they are published.
_ELSEWHERE: Final = {
    "hono": {
        name: f"@hono/{name}"
        for name in (
            "node-server", "node-ws", "zod-validator", "zod-openapi", "swagger-ui",
            "graphql-server", "typebox-validator", "valibot-validator", "arktype-validator",
            "standard-validator", "clerk-auth", "firebase-auth", "oauth-providers", "trpc-server",
            "vite-dev-server", "vite-build", "graphql-validator", "sentry", "prometheus",
        )
    },
    "fastify": {
        name: f"@fastify/{name}"
        for name in (
            "cors", "jwt", "cookie", "swagger", "swagger-ui", "static", "helmet", "rate-limit",
            "multipart", "formbody", "postgres", "mysql", "redis", "sensible", "session",
            "websocket", "autoload", "auth", "type-provider-typebox", "view",
        )
    },
    "koa": {name: f"@koa/{name}" for name in ("router", "cors", "bodyparser", "multer")},
    "prisma": {"client": "@prisma/client"},
    "sequelize": {"typescript": "sequelize-typescript"},
}  # fmt: skip


def published_as(specifier: str) -> str | None:
    """The package that was meant by ``hono/node-server``; None for any other specifier."""
    package, slash, rest = specifier.partition("/")
    return _ELSEWHERE.get(package, {}).get(rest) if slash else None
