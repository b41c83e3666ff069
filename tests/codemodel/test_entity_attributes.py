"""The names that an entity answers to."""

from __future__ import annotations

from collections.abc import Mapping

from ci_gate.codemodel.entities.attributes import attributes
from ci_gate.codemodel.entities.library_attributes import PYTHON
from support.mapped import Mapped


def names(files: Mapping[str, str], entity: str) -> frozenset[str] | None:
    mapped = Mapped(files)
    return attributes(mapped.model, mapped.entities, mapped[entity])


def django(body: str) -> dict[str, str]:
    return {
        "conf/settings.py": "INSTALLED_APPS = ['blog']",
        "blog/models.py": "from django.db import models\n" + body,
    }


ARTICLE = """
from blog.mixins import Titled

class Stamped(models.Model):
    created = models.DateTimeField()
    gone = models.DateField()
    class Meta:
        abstract = True
    def age(self):
        self.cached_age = 1

class Article(Titled, Stamped):
    state = models.CharField(max_length=1, choices=[("a", "A")])
    author = models.ForeignKey("blog.Author", on_delete=models.CASCADE)
    gone = None
    LIMIT = 3
    @property
    def summary(self): ...
    class Kind(models.TextChoices): ...

class Author(models.Model):
    class Meta:
        order_with_respect_to = "boss"
    boss = models.ForeignKey("self", null=True, on_delete=models.CASCADE)
"""


def test_a_django_model() -> None:
    files = {
        **django(ARTICLE),
        "blog/mixins.py": "class Titled:\n    def title(self): ...\n",
        "blog/patches.py": "from blog.models import Article\nArticle.extra = 1\n",
    }
    found = names(files, "Article")
    assert found is not None
    expected = {
        "id", "pk", "objects", "save", "delete", "refresh_from_db", "DoesNotExist", "_meta",
        "state", "get_state_display", "author", "author_id", "created", "get_next_by_created",
        "get_next_by_gone", "age", "cached_age", "title", "summary", "LIMIT", "Kind", "extra",
        "__class__", "__dict__",
    }  # fmt: skip
    assert expected <= found
    assert not {"user", "title_id", "article_set", "get_author_order"} & found
    author = names(files, "Author")
    assert author is not None
    assert {"article_set", "author_set", "_order", "get_author_order"} <= author


def test_a_manager_of_its_own_takes_the_place_of_objects() -> None:
    files = django("""
class Post(models.Model):
    published = models.Manager()

class Both(Post):
    pass

class Plain(models.Model):
    pass
""")
    for name, objects in (("Post", False), ("Both", False), ("Plain", True)):
        found = names(files, name)
        assert found is not None
        assert ("objects" in found) is objects


def test_a_model_may_be_one_of_its_subclasses() -> None:
    files = django("""
class Base(models.Model):
    class Meta:
        abstract = True

class One(Base):
    one = models.IntegerField()

class Two(One):
    two = models.IntegerField()
""")
    for name in ("Base", "One"):
        found = names(files, name)
        assert found is not None
        assert {"one", "two", "id", "pk", "objects"} <= found


def test_unknown_models_have_no_list() -> None:
    files = django("""
class Open(models.Model):
    def __getattr__(self, name): ...

class Parent(models.Model):
    class Meta:
        abstract = True

class Child(Parent, Strange): ...
""")
    for name in ("Open", "Parent", "Child"):
        assert names(files, name) is None


def test_a_relation_to_something_unknown_may_reach_any_model() -> None:
    files = django("""
class A(models.Model): ...

class B(models.Model):
    to = models.ForeignKey(choose(), related_name="bees", on_delete=models.CASCADE)
""")
    found = names(files, "A")
    assert found is not None
    assert "bees" in found


def test_installed_apps_add_to_users() -> None:
    files = {
        "conf/settings.py": """
            INSTALLED_APPS = ["django.contrib.admin", "rest_framework.authtoken", "people"]
            AUTH_USER_MODEL = "people.User"
            """,
        "people/models.py": """
            from django.contrib.auth.models import AbstractUser
            class User(AbstractUser): ...
            """,
    }
    found = names(files, "User")
    assert found is not None
    assert {"logentry_set", "auth_token", "check_password", "email", "objects"} <= found
    strange = {**files, "conf/settings.py": files["conf/settings.py"].replace("rest_f", "my_f")}
    assert names(strange, "User") is None


def test_a_tortoise_model() -> None:
    found = names(
        {
            "app/models.py": """
            from tortoise import fields, models

            class Team(models.Model):
                name = fields.TextField()

            class Event(models.Model):
                team = fields.ForeignKeyField("models.Team", related_name="events")
            """
        },
        "Team",
    )
    assert found is not None
    assert {"id", "pk", "name", "events", "save", "filter", "fetch_related"} <= found
    assert "objects" not in found


SQLALCHEMY = {
    "models.py": """
    from flask_sqlalchemy import SQLAlchemy
    from sqlalchemy import Column, ForeignKey, Integer
    from sqlalchemy.orm import DeclarativeBase, Mapped, declarative_base, mapped_column
    from sqlalchemy.orm import relationship
    from sqlmodel import Field, SQLModel

    class Shared:
        def as_dict(self): ...

    class Base(DeclarativeBase): ...
    Old = declarative_base(cls=Shared)
    db = SQLAlchemy(model_class=Shared)

    class New(Base):
        __tablename__ = "new"
        id: Mapped[int] = mapped_column(primary_key=True)
        def rename(self):
            self.renamed = True

    class Older(Old):
        __tablename__ = "older"
        id = Column(Integer, primary_key=True)
        other_id = Column(ForeignKey("older.id"))
        other = relationship("Older", backref="olders")

    class Flasky(db.Model):
        __tablename__ = "flasky"
        id = db.Column(db.Integer, primary_key=True)

    class Hero(SQLModel, table=True):
        id: int = Field(primary_key=True)
    """
}


def test_sqlalchemy_kinds() -> None:
    mapped = Mapped(SQLALCHEMY)
    found = {item.name: attributes(mapped.model, mapped.entities, item) for item in mapped.entities}
    new, older, flasky, hero = (found[name] for name in ("New", "Older", "Flasky", "Hero"))
    assert new is not None
    assert older is not None
    assert flasky is not None
    assert hero is not None
    assert {"metadata", "registry", "__table__", "__mapper__", "id", "renamed"} <= new
    assert "query" not in new
    assert {"as_dict", "olders", "other", "other_id"} <= older
    assert {"query", "as_dict"} <= flasky
    assert {"model_dump", "dict", "metadata", "sqlmodel_update"} <= hero


def test_every_object_has_what_python_gives_it() -> None:
    assert {"__class__", "__dict__", "__doc__", "__name__"} <= PYTHON
