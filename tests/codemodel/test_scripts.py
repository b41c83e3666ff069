"""The model of JavaScript and TypeScript programs."""

import pytest

from support.programs import Program


def test_barrel_of_spread_requires_leads_to_the_definition() -> None:
    program = Program(
        {
            "src/common/index.js": """
                module.exports = {
                  ...require('./errors'),
                  ...require('../routes/httpErrors'),
                };
            """,
            "src/common/errors.js": "class AppError {}\nmodule.exports = { AppError };\n",
            "src/routes/httpErrors.js": """
                const conflict = (message) => new Error(message);
                module.exports = { conflict };
            """,
            "src/services/comments.js": """
                const { conflict, AppError } = require('../common');
                probe(conflict);
            """,
        }
    )
    assert program.targets("src/services/comments.js") == [
        ("conflict", "src/routes/httpErrors.js"),
        ("AppError", "src/common/errors.js"),
    ]
    [edge, _] = program.model.imports_of("src/services/comments.js")
    assert [step.path for step in edge.via] == ["src/common/index.js"]
    assert program.probe() == ["src/routes/httpErrors.js::conflict"]


def test_destructured_require_that_is_exported_again_is_followed() -> None:
    program = Program(
        {
            "a.js": "function find() {}\nmodule.exports = { find };\n",
            "b.js": "const { find } = require('./a');\nmodule.exports = { find };\n",
            "c.js": "const a = require('./a');\nmodule.exports.find = a.find;\n",
            "d.js": "const { find } = require('./b');\nconst c = require('./c');\n"
            "const again = require('./c').find;\n",
        }
    )
    assert program.targets("d.js") == [("find", "a.js"), (None, "c.js"), ("find", "a.js")]


def test_es_barrels() -> None:
    program = Program(
        {
            "src/index.ts": """
                export * from './users';
                export { Repo as Articles } from './articles';
                export { default as make } from './factory';
                export * as tags from './tags';
            """,
            "src/users.ts": "export class Users {}\n",
            "src/articles.ts": "export class Repo {}\n",
            "src/factory.ts": "export default function () { return 1; }\n",
            "src/tags.ts": "export const list = () => 1;\n",
            "src/main.ts": """
                import { Users, Articles, make, tags } from './index.js';
                probe(Users); probe(Articles); probe(make); probe(tags.list);
            """,
        }
    )
    assert [target for _, target in program.targets("src/main.ts")] == [
        "src/users.ts",
        "src/articles.ts",
        "src/factory.ts",
        "src/tags.ts",
    ]
    first, second, third, fourth = program.probes()
    assert (first, second) == (["class Users"], ["class Repo"])
    assert [name.partition("::")[0] for name in third] == ["src/factory.ts"]
    assert fourth == ["src/tags.ts::list"]


EXPORTED_INSTANCES = {
    "commonjs": "module.exports = new Users();",
    "default": "export default new Users();",
}


@pytest.mark.parametrize("style", EXPORTED_INSTANCES)
def test_module_that_exports_an_instance(style: str) -> None:
    program = Program(
        {
            "users.js": "class Users { find() {} }\n" + EXPORTED_INSTANCES[style],
            "main.js": (
                "const users = require('./users');\n"
                if style == "commonjs"
                else "import users from './users.js';\n"
            )
            + "probe(users.find);\n",
        }
    )
    assert program.probe() == ["users.js::Users.find"]


EXTERNALS = {
    "sequelize.Sequelize()": """
        const { Sequelize } = require('sequelize');
        probe(new Sequelize('x'));
    """,
    "@prisma/client.PrismaClient()": """
        import { PrismaClient } from '../generated/prisma';
        const prisma = new PrismaClient();
        prisma.$transaction(async (tx) => { probe(tx); });
    """,
    "knex()": """
        const knex = require('knex');
        probe(knex(config));
    """,
    "drizzle-orm.drizzle()": """
        import { drizzle } from 'drizzle-orm/node-postgres';
        probe(drizzle(pool));
    """,
    "pg.Client()": """
        import pg from 'pg';
        const pool = new pg.Pool();
        async function run() { const client = await pool.connect(); probe(client); }
    """,
    "express.Router()": """
        import { Router } from 'express';
        const router: Router = Router();
        probe(router);
    """,
    "hono.Hono()": """
        import { Hono } from 'hono';
        probe(new Hono());
    """,
    "@koa/router()": """
        const Router = require('koa-router');
        probe(new Router());
    """,
    "better-sqlite3()": """
        import Database from 'better-sqlite3';
        probe(new Database('x.db'));
    """,
}


@pytest.mark.parametrize("path", EXTERNALS)
def test_library_objects_have_one_path(path: str) -> None:
    assert Program({"app.ts": EXTERNALS[path]}).probe() == [path]


def test_parameter_properties_and_interface_with_one_implementation() -> None:
    program = Program(
        {
            "ports.ts": "export interface Users { find(id: string): Promise<User>; }\n"
            "export class User { name() {} }\n",
            "sql.ts": """
                import { Users, User } from './ports';
                export class SqlUsers implements Users {
                  async find(id: string) { return load(id); }
                }
                function load(id: string) {}
            """,
            "service.ts": """
                import type { Users } from './ports';
                export class Service {
                  constructor(private readonly users: Users) {}
                  async run() {
                    const user = await this.users.find('1');
                    probe(user);
                  }
                }
            """,
        }
    )
    assert program.probe() == ["a User"]
    assert "sql.ts::SqlUsers.find" in program.callees("service.ts::Service.run")
    assert "sql.ts::load" in program.reached("service.ts::Service.run")


def test_destructured_parameters_by_type_and_by_call_site() -> None:
    program = Program(
        {
            "repo.ts": """
                export function createUsers({ db }: { db: Database }) {
                  probe(db);
                  return { find: async () => db.select() };
                }
                import type { Database } from './database';
            """,
            "database.ts": """
                import { drizzle } from 'drizzle-orm/libsql';
                export type Database = ReturnType<typeof connect>;
                export function connect() { return drizzle(client); }
            """,
            "usecase.ts": """
                export async function register({ users }) {
                  probe(users.find);
                }
            """,
            "routes.ts": """
                import { createUsers } from './repo';
                import { register } from './usecase';
                export function route({ db }) {
                  const users = createUsers({ db });
                  return register({ users });
                }
            """,
        }
    )
    assert program.probes() == [["drizzle-orm.drizzle()"], ["repo.ts::createUsers.find"]]
    assert "usecase.ts::register" in program.callees("routes.ts::route")


def test_factory_of_closures_and_object_methods() -> None:
    program = Program(
        {
            "app.js": """
                function makeService(repo) {
                  const find = () => repo.load();
                  return { find, save() { return this.find(); } };
                }
                const repo = { load() {} };
                const service = makeService(repo);
                service.save();
            """
        }
    )
    assert program.callees("app.js::makeService.save") == ["app.js::makeService.find"]
    assert program.callees("app.js::makeService.find") == ["app.js::load"]


def test_object_filled_after_its_creation() -> None:
    program = Program(
        {
            "models/index.js": """
                const { Sequelize } = require('sequelize');
                const db = {};
                db.sequelize = new Sequelize();
                db.User = db.sequelize.define('User', {});
                module.exports = db;
            """,
            "main.js": """
                const db = require('./models');
                const { User } = require('./models');
                probe(db.sequelize);
                probe(User);
            """,
        }
    )
    assert program.probes() == [
        ["sequelize.Sequelize()"],
        ["sequelize.Sequelize().define()"],
    ]


def test_promises_and_array_callbacks() -> None:
    program = Program(
        {
            "app.js": """
                class A { go() {} }
                class B { go() {} }
                const loadA = async () => new A();
                const loadB = () => Promise.resolve(new B());
                async function run() {
                  const [a, b] = await Promise.all([loadA(), loadB()]);
                  probe(b);
                  loadA().then((value) => { probe(value); return value; });
                  [new A()].map((item) => probe(item));
                }
            """
        }
    )
    assert program.probes() == [["a B"], ["a A"], ["a A"]]


def test_bound_and_called_functions_are_reached() -> None:
    program = Program(
        {
            "app.js": """
                class Controller {
                  constructor() { this.show = this.show.bind(this); }
                  show() { load(); }
                }
                function load() {}
                const controller = new Controller();
                function set_up(router) { router.get('/x', controller.show); }
                function direct() { load.call(null); }
            """
        }
    )
    assert "app.js::Controller.show" in program.callees("app.js::set_up", "callback")
    assert program.callees("app.js::direct") == ["app.js::load"]


def test_static_methods_inheritance_and_super() -> None:
    program = Program(
        {
            "app.ts": """
                abstract class Base {
                  constructor(protected readonly name: string) {}
                  protected log() {}
                  static make() { return new Base('x'); }
                  abstract run(): void;
                }
                class Child extends Base {
                  constructor() { super('child'); }
                  run() { this.log(); super.log(); Child.make(); }
                }
                function go(task: Base) { task.run(); }
            """
        }
    )
    assert program.callees("app.ts::Child.run") == [
        "app.ts::Base.log",
        "app.ts::Base.log",
        "app.ts::Base.make",
    ]
    assert program.callees("app.ts::Child.constructor") == ["app.ts::Base.constructor"]
    assert "app.ts::Child.run" in program.callees("app.ts::go")


def test_arrow_field_is_a_method() -> None:
    program = Program(
        {
            "app.ts": """
                class Users {
                  private repo = new Repo();
                  list = async () => this.repo.all();
                }
                class Repo { all() {} }
                function go(users: Users) { users.list(); }
            """
        }
    )
    assert program.reached("app.ts::go") >= {"app.ts::Users.list", "app.ts::Repo.all"}


STORES = {
    "express locals": (
        "const express = require('express');\nconst app = express();\napp.locals.db = users;",
        "function show(req, res) { const { db } = req.app.locals; probe(db.find); }",
    ),
    "express settings": (
        "const app = require('express')();\napp.set('db', users);",
        "function show(req, res) { probe(req.app.get('db').find); }",
    ),
    "request property": (
        "function load(req, res, next) { req.users = users; next(); }",
        "function show(req, res) { probe(req.users.find); }",
    ),
    "response locals": (
        "function load(req, res, next) { res.locals.users = users; next(); }",
        "function show(req, res) { probe(res.locals.users.find); }",
    ),
    "fastify decorate": (
        "const fastify = require('fastify')();\nfastify.decorate('users', users);",
        "async function show(request, reply) { probe(request.server.users.find); }",
    ),
    "fastify plugin": (
        "module.exports = async (fastify) => { fastify.decorate('users', users); };",
        "module.exports = async (fastify) => { const { users } = fastify; probe(users.find); };",
    ),
    "fastify this": (
        "module.exports = async (fastify) => { fastify.decorate('users', users); };",
        "async function show(request, reply) { probe(this.users.find); }",
    ),
    "koa context": (
        "const Koa = require('koa');\nconst app = new Koa();\napp.context.users = users;",
        "async function show(ctx) { probe(ctx.users.find); }",
    ),
    "koa state": (
        "async function load(ctx, next) { ctx.state.users = users; await next(); }",
        "async function show(ctx) { probe(ctx.state.users.find); }",
    ),
    "hono get": (
        "const load = async (c, next) => { c.set('users', users); await next(); };",
        "const show = (c) => { probe(c.get('users').find); };",
    ),
    "hono var": (
        "const load = async (c, next) => { c.set('users', users); await next(); };",
        "const show = (c) => { probe(c.var.users.find); };",
    ),
}


@pytest.mark.parametrize("case", STORES)
def test_stores(case: str) -> None:
    write, read = STORES[case]
    program = Program(
        {
            "users.js": "class Users { find() {} }\nmodule.exports = { users: new Users() };\n",
            "app.js": "const { users } = require('./users');\n" + write + "\n",
            "views.js": read + "\n",
        }
    )
    assert program.probe() == ["users.js::Users.find"]


def test_generated_typescript_and_minified_files_are_not_sources() -> None:
    program = Program(
        {
            "src/a.ts": "export const a = 1;\n",
            "src/types.d.ts": "export declare const a: number;\n",
            "public/app.min.js": "var a=1;\n",
            "node_modules/x/index.js": "module.exports = 1;\n",
        }
    )
    assert list(program.model.modules) == ["src/a.ts"]


def test_odd_code_is_survived() -> None:
    program = Program(
        {
            "a.js": "const {a: {b: [c = d, ...e]}, ...f} = require('./a');\nprobe(c.x.y());\n"
            "this.x = this; super.y; export default class extends z {}\n",
            "b.ts": "type A = A | B; type B = A;\nfunction f(x: A) { probe(x); }\n",
            "c.ts": "interface X extends X { y: X['y'] }\nfunction f(x: X) { probe(x.y); }\n",
        }
    )
    assert len(program.probes()) == 3
    assert len(program.model.import_edges) >= 1
