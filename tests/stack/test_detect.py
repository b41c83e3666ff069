"""What a repository is built from, on small trees."""

from __future__ import annotations

import pytest

from ci_gate import rulesets
from ci_gate.codemodel.build import build, parse
from ci_gate.stack.detect import detect, expected
from ci_gate.stack.model import Service
from support.trees import MemoryTree

APPS = {
    "flask": "from flask import Flask\napp = Flask('a')\n@app.get('/')\ndef i(): return ''\n",
    "fastapi": "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/')\ndef i(): return ''\n",
    "aiohttp": "from aiohttp import web\nr = web.RouteTableDef()\n@r.get('/')\n"
    "async def i(q): return web.Response()\napp = web.Application()\napp.add_routes(r)\n",
}
NODE = {
    "express": "const express = require('express');\nconst app = express();\n"
    "app.get('/', (q, r) => r.end());\n",
    "fastify": "const app = require('fastify')();\napp.get('/', async () => '');\n",
    "hono": "import { Hono } from 'hono';\nconst app = new Hono();\n"
    "app.get('/', (c) => c.text(''));\nexport default app;\n",
    "koa": "const Koa = require('koa');\nconst Router = require('@koa/router');\n"
    "const r = new Router();\nr.get('/', (c) => {});\nnew Koa().use(r.routes());\n",
}


def services(files: dict[str, str]) -> list[Service]:
    tree = MemoryTree(files)
    return detect(tree, build(tree)).services


def service(files: dict[str, str]) -> Service:
    [found] = services(files)
    return found


@pytest.mark.parametrize("name", [*APPS, *NODE])
def test_the_imports_let_expect_the_rules_that_the_stack_calls_for(name: str) -> None:
    python = name in APPS
    library = "sqlalchemy>=2" if python else '{"dependencies": {"sequelize": "6", "pg": "8"}}'
    tree = MemoryTree(
        {
            "api/requirements.txt" if python else "api/package.json": library,
            "api/app.py" if python else "api/app.js": APPS.get(name) or NODE[name],
            "api/db.py": "from sqlalchemy import select\n",
            "api/db.js": "const { Model } = require('sequelize');\n",
            "client/fetch.py": "import aiohttp\n",
            "client/types.ts": "import type { Request } from 'express';\n",
            "tests/test_app.py": "import fastapi\n",
        }
    )
    parsed = parse(tree)
    wanted = expected(tree, parsed.modules)
    assert rulesets.for_stack(wanted) == rulesets.for_stack(detect(tree, parsed.whole())) != []


@pytest.mark.parametrize("name", APPS)
def test_python_frameworks(name: str) -> None:
    found = service({"requirements.txt": f"{name}\n", "app.py": APPS[name]})
    assert (found.root, found.languages, found.frameworks) == (".", ["python"], [name])
    [evidence] = [e for e in found.evidence if e.fact == f"framework {name}"]
    assert (evidence.path, evidence.line) == ("app.py", 1)
    assert name in evidence.text


@pytest.mark.parametrize("name", NODE)
def test_node_frameworks(name: str) -> None:
    found = service({"package.json": "{}", "src/app.js": NODE[name]})
    assert (found.root, found.frameworks) == (".", [name])


def test_django_with_rest_framework() -> None:
    found = service(
        {
            "manage.py": "",
            "site/settings.py": "ROOT_URLCONF = 'site.urls'\n"
            "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql'}}\n",
            "site/urls.py": "from django.urls import path\nfrom site.views import V\n"
            "urlpatterns = [path('x', V.as_view())]\n",
            "site/views.py": "from rest_framework.views import APIView\n"
            "class V(APIView):\n    def get(self, request): pass\n",
            "site/models.py": "from django.db import models\nclass M(models.Model): pass\n",
        }
    )
    assert found.frameworks == ["django", "drf"]
    assert (found.orms, found.databases) == (["django-orm"], ["postgresql"])


@pytest.mark.parametrize(
    ("line", "orms", "modes"),
    [
        ("from sqlalchemy.orm import Session", ["sqlalchemy"], ["sync"]),
        ("from sqlalchemy.ext.asyncio import AsyncSession", ["sqlalchemy"], ["async"]),
        ("from sqlmodel import Session", ["sqlmodel"], ["sync"]),
        ("from flask_sqlalchemy import SQLAlchemy", ["flask-sqlalchemy"], []),
        ("from tortoise import Tortoise", ["tortoise"], []),
    ],
)
def test_orms_of_python(line: str, orms: list[str], modes: list[str]) -> None:
    found = service({"requirements.txt": "", "app.py": APPS["fastapi"], "db.py": line + "\n"})
    assert (found.orms, found.orm_modes) == (orms, modes)


@pytest.mark.parametrize(
    ("path", "text", "database"),
    [
        ("config.py", "URL = 'postgresql+asyncpg://u@h/d'\n", "postgresql"),
        ("config.py", "URL = 'sqlite:///x.db'\n", "sqlite"),
        ("settings.py", "URL = 'mysql+pymysql://h/d'\n", "mysql"),
        (".env.example", "DATABASE_URL=postgres://h/d\n", "postgresql"),
        ("prisma/schema.prisma", 'datasource db {\n  provider = "mysql"\n}\n', "mysql"),
        ("requirements.txt", "asyncpg==0.30\n", "postgresql"),
        ("db.py", "import sqlite3\n", "sqlite"),
        ("docker-compose.yml", "services:\n  db:\n    image: postgres:16\n", "postgresql"),
    ],
)
def test_databases(path: str, text: str, database: str) -> None:
    found = service({"pyproject.toml": "", "app.py": APPS["flask"], path: text})
    assert found.databases == [database]
    assert any(e.fact == f"database {database}" and e.path == path for e in found.evidence)


def test_several_services_and_no_front_end() -> None:
    found = services(
        {
            "package.json": '{"workspaces": ["apps/*"]}',
            "apps/api/package.json": "{}",
            "apps/api/src/app.js": NODE["koa"],
            "apps/web/package.json": '{"dependencies": {"react": "1"}}',
            "apps/web/src/main.js": "import React from 'react';\n",
            "worker/requirements.txt": "",
            "worker/main.py": APPS["fastapi"],
        }
    )
    assert [(s.root, s.frameworks) for s in found] == [
        ("apps/api", ["koa"]),
        ("worker", ["fastapi"]),
    ]


@pytest.mark.parametrize(
    "files",
    [
        {"a.py": "import aiohttp\nasync def f(): await aiohttp.ClientSession().get('x')\n"},
        {"requirements.txt": "flask\n", "a.py": "x = 1\n"},
        {"tests/test_app.py": APPS["flask"]},
        {
            "package.json": '{"devDependencies": {"express": "4"}}',
            "docs/server.js": NODE["express"],
        },
    ],
)
def test_what_is_no_service(files: dict[str, str]) -> None:
    assert services(files) == []


@pytest.mark.parametrize("text", ["{", "[]", "\x00", "[" * 50_000])
def test_broken_manifests(text: str) -> None:
    found = service({"package.json": text, "pyproject.toml": text, "app.py": APPS["flask"]})
    assert found.frameworks == ["flask"]


def test_django_is_seen_where_its_urls_cannot_be_read() -> None:
    """Whose only import is of something that is not there: no route is known, and yet a service."""
    files = {
        "manage.py": "import os\n\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site.conf')\n",
        "site/__init__.py": "",
        "site/conf.py": "ROOT_URLCONF = 'site.urls'\n",
        "site/urls.py": (
            "from django.urls import path\nfrom shop import view as views\n\n"
            "urlpatterns = [path('items', views.items)]\n"
        ),
        "shop/__init__.py": "",
        "shop/views.py": "def items(request):\n    pass\n",
    }
    tree = MemoryTree(files)
    stack = detect(tree, build(tree))
    assert [(s.root, s.frameworks) for s in stack.services] == [(".", ["django"])]


@pytest.mark.parametrize(
    ("files", "framework"),
    [
        (
            {
                "package.json": '{"dependencies": {"fastify": "5"}}',
                "src/server.js": "import Fastify from 'fastify';\n"
                "import { load } from './load.js';\nconst app = Fastify();\n"
                "await load(app);\nawait app.listen({ port: 3000 });\n",
                "src/load.js": "import fs from 'node:fs';\nexport async function load(app) {\n"
                "  for (const name of fs.readdirSync('routes')) app.route(await read(name));\n}\n"
                "const read = async (name) => (await import(name)).default;\n",
            },
            "fastify",
        ),
        (
            {
                "requirements.txt": "aiohttp==3.11\n",
                "app.py": "from aiohttp import web\nfrom loader import routes\n"
                "app = web.Application()\napp.add_routes(routes())\nweb.run_app(app)\n",
                "loader.py": "def routes():\n    return []\n",
            },
            "aiohttp",
        ),
    ],
)
def test_an_application_is_a_service_where_no_route_can_be_read(
    files: dict[str, str], framework: str
) -> None:
    assert service(files).frameworks == [framework]


def test_a_client_and_a_test_server_are_no_services() -> None:
    files = {
        "package.json": '{"devDependencies": {"express": "5"}}',
        "src/client.js": "import fetch from 'node-fetch';\nexport const get = () => fetch('/');\n",
        "tests/server.js": "const app = require('express')();\napp.listen(3000);\n",
    }
    assert services(files) == []
