"""Anonymous functions in reports: named by the endpoint that they answer, or by their place."""

from __future__ import annotations

from pathlib import Path

from ci_gate.codemodel.build import build
from ci_gate.config import load
from ci_gate.findings import Finding, Position, Related, Severity
from ci_gate.reports import render
from ci_gate.rules.anonymous import named
from ci_gate.scan import Options, scan
from support.trees import MemoryTree

MODELS = """\
const { Sequelize, DataTypes } = require("sequelize");
const sequelize = new Sequelize("sqlite::memory:");
exports.Article = sequelize.define("Article", { slug: DataTypes.STRING });
"""
REPOSITORY = """\
const { Article } = require("../models");
exports.list = async () => Article.findAll({ limit: 10 });
exports.one = async (slug) => Article.findOne({ where: { slug } });
exports.add = async (values) => Article.create(values);
"""
ROUTES = """\
const { Router } = require("express");
const { Article } = require("../models");
const articles = require("../repositories/articles");
const router = Router();

router.get("/one/:slug", async (req, res) => res.json(await articles.one(req.params.slug)));
router.get("/articles", async (req, res) => {
  res.json(await Article.findAll({ limit: 10 }));
});
module.exports = router;
"""
APP = """\
const express = require("express");
const app = express();
app.use("/api", require("./routes/articles"));
app.listen(3000);
"""
WHO = "he handler of GET /api/articles (src/routes/articles.js:7)"


def test_a_handler_is_named_by_its_endpoint(tmp_path: Path) -> None:
    files = {
        "package.json": '{"dependencies": {"express": "^4", "sequelize": "^6"}}',
        "src/app.js": APP,
        "src/models.js": MODELS,
        "src/routes/articles.js": ROUTES,
        **{f"src/repositories/{name}.js": REPOSITORY for name in ("articles", "tags", "users")},
        ".ci-gate.yml": "select: [layering]\nsemgrep: {enabled: false}\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    card = scan(Options(tmp_path, load(tmp_path), contract=False))
    (finding,) = [item.finding for item in card.findings]
    assert finding.message.startswith(f"T{WHO} in src/routes/articles.js (presentation) queries")
    assert finding.fix.endswith(f"and call it from t{WHO}.")
    assert finding.subject == "<lambda> queries"
    for report in ("json", "markdown", "sarif"):
        assert "<lambda" not in render(card, report)
        assert "lambda 7" not in render(card, report)


def test_others_are_named_by_their_place() -> None:
    model = build(MemoryTree({"a.py": "\nkey = sorted([], key=str) or (lambda x: x)\n"}))
    (name,) = [info.name for info in model.functions.values() if "lambda" in info.name]
    finding = Finding(
        "query/n-plus-one", "query", Severity.ERROR, "b.py", Position(1), Position(1),
        f"queries in the loop of `{name}`", "", "Mend <lambda 9:9>().", f"{name}:x",
        related=(Related("a.py", 2, f"{name} is here"),),
    )  # fmt: skip
    (told,) = named([finding], model)
    assert told.message == "queries in the loop of the anonymous function (a.py:2)"
    assert told.related[0].message == "The anonymous function (a.py:2) is here"
    assert told.fix == "Mend the anonymous function in line 9."
