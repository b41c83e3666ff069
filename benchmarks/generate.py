"""Write a service of any size: features, each with entities, each with a file in every layer.

    python benchmarks/generate.py FOLDER --features 50 --entities 5 --methods 8 --language python

Python is FastAPI with SQLAlchemy, TypeScript is Express with Sequelize. The services are layered as
they should be: the time that a clean scan takes is what is measured.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

#: layer files of one entity
LAYERS = 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--features", type=int, default=10)
    parser.add_argument("--entities", type=int, default=5, help="of each feature")
    parser.add_argument("--methods", type=int, default=8, help="operations of each entity")
    parser.add_argument("--language", choices=["python", "typescript"], default="python")
    args = parser.parse_args()
    count = generate(args.folder, args.features, args.entities, args.methods, args.language)
    print(f"{count} files")


def generate(
    folder: Path, features: int, entities: int, methods: int = 8, language: str = "python"
) -> int:
    """Write the service; the number of files that were written."""
    make = _python if language == "python" else _typescript
    count = 0
    for path, text in make(features, entities, methods):
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
        count += 1
    return count


def _names(features: int, entities: int) -> Iterator[tuple[str, str, str]]:
    """Feature, entity and class of each entity."""
    for feature in range(features):
        for entity in range(entities):
            yield f"feature{feature}", f"item{entity}", f"F{feature}Item{entity}"


# --- Python ---


def _python(features: int, entities: int, methods: int) -> Iterator[tuple[str, str]]:
    yield "requirements.txt", "fastapi==0.115.0\nsqlalchemy==2.0.36\npsycopg==3.2.3\n"
    yield "app/__init__.py", ""
    yield "app/database.py", _PY_DATABASE
    includes = []
    imports = []
    for feature in range(features):
        for layer in ("", "/models", "/repositories", "/services", "/routers"):
            yield f"app/feature{feature}{layer}/__init__.py", ""
    for feature, entity, name in _names(features, entities):
        values = {"feature": feature, "entity": entity, "name": name}
        yield (
            f"app/{feature}/models/{entity}.py",
            _PY_MODEL.format(**values)
            + "".join(_PY_COLUMN.format(number=number) for number in range(methods)),
        )
        for layer, head, method in (
            ("repositories", _PY_REPOSITORY, _PY_REPOSITORY_METHOD),
            ("services", _PY_SERVICE, _PY_SERVICE_METHOD),
            ("routers", _PY_ROUTER, _PY_ROUTER_METHOD),
        ):
            yield (
                f"app/{feature}/{layer}/{entity}.py",
                head.format(**values)
                + "".join(method.format(number=number, **values) for number in range(methods)),
            )
        alias = f"{feature}_{entity}"
        imports.append(f"from app.{feature}.routers.{entity} import router as {alias}\n")
        includes.append(f"app.include_router({alias})\n")
    yield "app/main.py", (
        "from fastapi import FastAPI\n\nfrom app.database import Base, engine\n"
        + "".join(imports) + "\nBase.metadata.create_all(engine)\napp = FastAPI()\n"
        + "".join(includes)
    )  # fmt: skip


_PY_DATABASE = """from collections.abc import Iterator

from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

engine = create_engine("postgresql+psycopg://localhost/service")
factory = sessionmaker(engine)


class Base(DeclarativeBase):
    pass


def get_session() -> Iterator[Session]:
    with factory() as session:
        yield session
"""
_PY_MODEL = """from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class {name}(Base):
    __tablename__ = "{feature}_{entity}"

    id: Mapped[int] = mapped_column(primary_key=True)
"""
_PY_COLUMN = "    field{number}: Mapped[str] = mapped_column(String(100))\n"
_PY_REPOSITORY = """from sqlalchemy import select
from sqlalchemy.orm import Session

from app.{feature}.models.{entity} import {name}


class {name}Repository:
    def __init__(self, session: Session) -> None:
        self.session = session
"""
_PY_REPOSITORY_METHOD = """
    def find_by_field{number}(self, value: str, limit: int) -> list[{name}]:
        statement = select({name}).where({name}.field{number} == value)
        statement = statement.order_by({name}.id).limit(limit)
        return list(self.session.scalars(statement))

    def add_with_field{number}(self, values: dict[str, str]) -> {name}:
        item = {name}(**values)
        item.field{number} = item.field{number}.strip()
        self.session.add(item)
        self.session.commit()
        return item
"""
_PY_SERVICE = """from app.{feature}.models.{entity} import {name}
from app.{feature}.repositories.{entity} import {name}Repository


class {name}Service:
    def __init__(self, repository: {name}Repository) -> None:
        self.repository = repository
"""
_PY_SERVICE_METHOD = """
    def by_field{number}(self, value: str, limit: int) -> list[{name}]:
        cleaned = value.strip().lower()
        if not cleaned:
            return []
        found = self.repository.find_by_field{number}(cleaned, min(limit, 100))
        return [item for item in found if item.field{number} != "hidden"]

    def create_field{number}(self, values: dict[str, str]) -> {name}:
        wanted = {{key: value for key, value in values.items() if key.startswith("field")}}
        return self.repository.add_with_field{number}(wanted)
"""
_PY_ROUTER = """from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy.orm import Session

from app.database import get_session
from app.{feature}.repositories.{entity} import {name}Repository
from app.{feature}.services.{entity} import {name}Service

router = APIRouter(prefix="/{feature}/{entity}")


def get_service(session: Session = Depends(get_session)) -> {name}Service:
    return {name}Service({name}Repository(session))
"""
_PY_ROUTER_METHOD = """

@router.get("/field{number}/{{value}}")
def list_by_field{number}(
    value: str, limit: int = 20, service: {name}Service = Depends(get_service)
) -> list[dict[str, str]]:
    found = service.by_field{number}(value, limit)
    if not found:
        raise HTTPException(404, "none")
    return [{{"id": str(item.id), "value": item.field{number}}} for item in found]


@router.post("/field{number}", status_code=201)
def create_field{number}(
    values: dict[str, str], service: {name}Service = Depends(get_service)
) -> dict[str, str]:
    item = service.create_field{number}(values)
    return {{"id": str(item.id), "value": item.field{number}}}
"""


# --- TypeScript ---


def _typescript(features: int, entities: int, methods: int) -> Iterator[tuple[str, str]]:
    yield "package.json", _TS_PACKAGE
    yield "tsconfig.json", '{"compilerOptions": {"strict": true, "module": "commonjs"}}\n'
    yield "src/database.ts", _TS_DATABASE
    imports = []
    uses = []
    for feature, entity, name in _names(features, entities):
        values = {"feature": feature, "entity": entity, "name": name}
        for layer, head, method, tail in (
            ("models", _TS_MODEL, _TS_COLUMN, _TS_MODEL_END),
            ("repositories", _TS_REPOSITORY, _TS_REPOSITORY_METHOD, "}}\n"),
            ("services", _TS_SERVICE, _TS_SERVICE_METHOD, "}}\n"),
            ("routes", _TS_ROUTES, _TS_ROUTE, ""),
        ):
            yield (
                f"src/{feature}/{layer}/{entity}.ts",
                (
                    head.format(**values)
                    + "".join(method.format(number=number, **values) for number in range(methods))
                    + tail.format(**values)
                ),
            )
        imports.append(f'import {name}Routes from "./{feature}/routes/{entity}";\n')
        uses.append(f'app.use("/{feature}/{entity}", {name}Routes);\n')
    yield "src/app.ts", (
        'import express from "express";\nimport { sequelize } from "./database";\n'
        + "".join(imports) + "\nconst app = express();\nvoid sequelize.sync();\n"
        + "app.use(express.json());\n" + "".join(uses) + "\nexport default app;\n"
    )  # fmt: skip


_TS_PACKAGE = """{
  "name": "service",
  "dependencies": {"express": "^5.0.0", "sequelize": "^6.37.0", "pg": "^8.13.0"},
  "devDependencies": {"typescript": "^5.6.0", "@types/express": "^5.0.0"}
}
"""
_TS_DATABASE = """import { Sequelize } from "sequelize";

export const sequelize = new Sequelize("postgres://localhost/service");
"""
_TS_MODEL = """import {{ DataTypes, Model }} from "sequelize";
import {{ sequelize }} from "../../database";

export class {name} extends Model {{}}

{name}.init(
  {{
"""
_TS_COLUMN = "    field{number}: {{ type: DataTypes.STRING(100), allowNull: false }},\n"
_TS_MODEL_END = '  }},\n  {{ sequelize, tableName: "{feature}_{entity}" }},\n);\n'
_TS_REPOSITORY = """import {{ {name} }} from "../models/{entity}";

export class {name}Repository {{
"""
_TS_REPOSITORY_METHOD = """
  async findByField{number}(value: string, limit: number): Promise<{name}[]> {{
    return {name}.findAll({{ where: {{ field{number}: value }}, order: [["id", "ASC"]], limit }});
  }}

  async addWithField{number}(values: Record<string, string>): Promise<{name}> {{
    const item = await {name}.create({{ ...values, field{number}: values.field{number}.trim() }});
    return item;
  }}
"""
_TS_SERVICE = """import {{ {name} }} from "../models/{entity}";
import {{ {name}Repository }} from "../repositories/{entity}";

export class {name}Service {{
  constructor(private readonly repository: {name}Repository) {{}}
"""
_TS_SERVICE_METHOD = """
  async byField{number}(value: string, limit: number): Promise<{name}[]> {{
    const cleaned = value.trim().toLowerCase();
    if (!cleaned) {{
      return [];
    }}
    return this.repository.findByField{number}(cleaned, Math.min(limit, 100));
  }}

  async createField{number}(values: Record<string, string>): Promise<{name}> {{
    return this.repository.addWithField{number}(values);
  }}
"""
_TS_ROUTES = """import {{ Router }} from "express";
import {{ {name}Repository }} from "../repositories/{entity}";
import {{ {name}Service }} from "../services/{entity}";

const router = Router();
const service = new {name}Service(new {name}Repository());

export default router;
"""
_TS_ROUTE = """
router.get("/field{number}/:value", async (request, response) => {{
  const found = await service.byField{number}(request.params.value, 20);
  if (found.length === 0) {{
    response.status(404).json({{ message: "none" }});
    return;
  }}
  response.json(found.map((item) => item.get("field{number}")));
}});

router.post("/field{number}", async (request, response) => {{
  const item = await service.createField{number}(request.body);
  response.status(201).json({{ id: item.get("id") }});
}});
"""


if __name__ == "__main__":
    main()
