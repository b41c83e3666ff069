"""Columns and relations of Django's models, as Django itself would have them."""

from __future__ import annotations

from support.mapped import Mapped

SETTINGS = """
    INSTALLED_APPS = ["django.contrib.auth", "people.apps.PeopleConfig", "blog"]
    AUTH_USER_MODEL = "members.User"
    USE_TZ = True
    """
APP = """
    from django.apps import AppConfig

    class PeopleConfig(AppConfig):
        name = "people"
        label = "members"
    """
PEOPLE = """
    from django.contrib.auth.models import AbstractUser, BaseUserManager
    from django.db import models

    class UserManager(BaseUserManager):
        pass

    class User(AbstractUser):
        bio = models.TextField(null=True)
        first_name = None
        followers = models.ManyToManyField("self", symmetrical=False, related_name="following")
        friends = models.ManyToManyField("self")
        objects = UserManager()

    class Profile(models.Model):
        user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True)
        nick = models.CharField(max_length=30, db_column="nickname")

        class Meta:
            db_table = "profiles"
    """


def project(blog: str, **more: str) -> Mapped:
    return Mapped({
        "conf/settings.py": SETTINGS, "people/__init__.py": "", "people/apps.py": APP,
        "people/models.py": PEOPLE, "blog/__init__.py": "", "blog/models.py": blog, **more,
    })  # fmt: skip


def models(body: str) -> Mapped:
    return project("from django.db import models\n" + body)


def test_columns_of_all_kinds() -> None:
    mapped = models("""
class Thing(models.Model):
    a = models.BigIntegerField(default=0)
    b: bool = models.BooleanField()
    c = models.CharField(max_length=1, null=True, unique=True)
    d = models.DateTimeField(auto_now_add=True)
    e = models.GeneratedField(
        expression=models.F("a") + 1, output_field=models.FloatField(), db_persist=True
    )
    f = models.JSONField(db_column="data")
    g = models.ForeignKey("members.Profile", on_delete=models.CASCADE, db_column="owner")
""")
    assert mapped.columns("Thing") == {
        "id": "integer key",
        "a": "integer default",
        "b": "boolean",
        "c": "text unique null default",
        "d": "datetime-tz default",
        "e": "float default",
        "f": "json (data)",
        "g_id": "integer (owner) -> profiles.user_id",
    }
    assert mapped["Thing"].table == "blog_thing"
    assert mapped["Thing"].known


def test_users_and_app_labels() -> None:
    mapped = models("""
from django.conf import settings
from django.contrib.auth import get_user_model

class Post(models.Model):
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    readers = models.ManyToManyField(get_user_model(), related_name="read", db_table="reads")
""")
    assert mapped["User"].table == "members_user"
    assert mapped["User"].known
    assert [item.name for item in mapped.entities] == ["Post", "User", "Profile"]
    columns = mapped.columns("User")
    assert "first_name" not in columns
    assert columns["username"] == "text unique default"
    assert columns["last_login"] == "datetime-tz null default"
    assert mapped.relations("User") == {
        "groups": "many auth.Group",
        "user_permissions": "many auth.Permission",
        "followers": "many User back following by members_user_followers",
        "friends": "many User by members_user_friends",
        "following": "many User back followers by members_user_followers implied",
        "profile": "one Profile back user implied",
        "post_set": "many Post back author lookup post implied",
        "read": "many Post back readers by reads implied",
    }
    assert mapped.columns("Profile")["user_id"] == "integer key -> members_user.id"
    assert mapped.relations("Post")["author"] == "one User back post_set"
    assert mapped.entities.target(mapped["Post"], "author") is mapped["User"]


def test_names_on_the_other_side() -> None:
    mapped = models("""
class Dated(models.Model):
    owner = models.ForeignKey(
        "members.User", on_delete=models.CASCADE,
        related_name="%(app_label)s_%(class)s_owned", related_query_name="own_%(class)s",
    )
    class Meta:
        abstract = True

class Note(Dated):
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE)
    hidden = models.ForeignKey("members.Profile", on_delete=models.CASCADE, related_name="+")

class Mark(models.Model):
    note = models.ForeignKey(Note, on_delete=models.CASCADE)
    seen = models.ManyToManyField("members.Profile", through="Seen")
    class Meta:
        default_related_name = "marks"

class Seen(models.Model):
    mark = models.ForeignKey(Mark, on_delete=models.CASCADE)
    profile = models.ForeignKey("members.Profile", on_delete=models.CASCADE)
""")
    assert mapped["Dated"].abstract
    assert mapped["Dated"].table is None
    assert mapped.relations("Note") == {
        "parent": "one Note back note_set",
        "hidden": "one Profile",
        "owner": "one User back blog_note_owned",
        "note_set": "many Note back parent lookup note implied",
        "marks": "many Mark back note implied",
    }
    assert mapped.relations("User")["blog_note_owned"] == (
        "many Note back owner lookup own_note implied"
    )
    assert mapped.relations("Profile") == {
        "user": "one User back profile",
        "marks": "many Mark back seen by blog_seen implied",
        "seen_set": "many Seen back profile lookup seen implied",
    }
    assert mapped.relations("Mark")["seen"] == "many Profile back marks by blog_seen"


def test_inheritance_of_tables() -> None:
    mapped = models("""
class Item(models.Model):
    title = models.CharField(max_length=30)

class Book(Item):
    pages = models.IntegerField()

class Film(Item):
    base = models.OneToOneField(Item, on_delete=models.CASCADE, parent_link=True)

class LongBook(Book):
    class Meta:
        proxy = True

class Review(models.Model):
    book = models.ForeignKey(LongBook, on_delete=models.CASCADE)
""")
    assert mapped.columns("Book") == {
        "id": "integer unique default",
        "title": "text default",
        "item_ptr_id": "integer key",
        "pages": "integer",
    }
    assert mapped.columns("Film")["base_id"] == "integer key -> blog_item.id"
    assert mapped["LongBook"].table == "blog_book"
    assert mapped.columns("LongBook") == mapped.columns("Book")
    assert mapped.relations("Item") == {
        "book": "one Book back item_ptr implied",
        "film": "one Film back base implied",
    }
    for name in ("Book", "LongBook"):
        assert mapped.relations(name)["review_set"] == (
            "many Review back book lookup review implied"
        )
    assert "review_set" not in mapped.relations("Item")


def test_fields_of_an_abstract_base_may_be_removed() -> None:
    mapped = models("""
class Stamped(models.Model):
    created = models.DateTimeField()
    updated = models.DateTimeField()
    class Meta:
        abstract = True
        db_table = "stamps"

class One(Stamped):
    updated = None

class Two(Stamped):
    class Meta(Stamped.Meta):
        app_label = "elsewhere"
        db_table = "two"
""")
    assert list(mapped.columns("One")) == ["id", "created"]
    assert mapped["One"].table == "stamps"
    assert not mapped["One"].abstract
    assert mapped["Two"].table == "two"


def test_generic_relations() -> None:
    mapped = models("""
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType

class Tag(models.Model):
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.PositiveIntegerField()
    target = GenericForeignKey()

class Page(models.Model):
    tags = GenericRelation(Tag, related_query_name="page")
""")
    target = mapped["Tag"].relations["target"]
    assert (target.target, target.many) == (None, False)
    assert target.columns == ("content_type_id", "object_id")
    assert mapped.columns("Tag")["content_type_id"] == "integer -> django_content_type.id"
    assert mapped.relations("Tag")["page"] == "one Page back tags implied"
    assert mapped.relations("Page") == {"tags": "many Tag"}


def test_fields_of_other_origin() -> None:
    mapped = project(
        """
        from django.db import models
        from djmoney.models.fields import MoneyField
        from phonenumber_field.modelfields import PhoneNumberField
        from strange.fields import StrangeField
        from blog.fields import Money, Upper, name_field

        class Shop(models.Model):
            phone = PhoneNumberField(null=True)
            price = Money()
            name = name_field()

        class Till(models.Model):
            amount = MoneyField(max_digits=9, decimal_places=2)

        class Odd(models.Model):
            odd = StrangeField()

        class Loud(models.Model):
            word = Upper(max_length=3)
        """,
        **{
            "blog/fields.py": """
            from django.db import models

            class Money(models.DecimalField):
                def __init__(self, **kwargs):
                    kwargs.setdefault("max_digits", 10)
                    super().__init__(**kwargs)

            class Upper(models.CharField):
                def contribute_to_class(self, cls, name, **kwargs):
                    super().contribute_to_class(cls, name, **kwargs)
                    setattr(cls, name + "_upper", property(lambda self: 1))

            def name_field():
                return models.CharField(max_length=30)
            """
        },
    )
    assert mapped.columns("Shop") == {
        "id": "integer key",
        "phone": "? null",
        "price": "decimal",
        "name": "text null? default",
    }
    assert mapped["Shop"].known
    assert mapped["Till"].known
    assert not mapped["Odd"].known
    assert list(mapped.columns("Odd")) == ["id", "odd"]
    assert not mapped["Loud"].known


def test_what_makes_a_model_unknown() -> None:
    mapped = project(
        """
        from django.db import models
        from somewhere import Base, decorate

        class Derived(Base, models.Model): ...

        @decorate
        class Decorated(models.Model): ...

        class Dynamic(models.Model):
            def __getattr__(self, name):
                return 1

        class Setting(models.Model):
            def load(self, values):
                for key, value in values.items():
                    setattr(self, key, value)

        class Patched(models.Model): ...

        class Child(Dynamic): ...

        class Target(models.Model): ...

        class Source(models.Model):
            to = models.ForeignKey(Target, on_delete=models.CASCADE, related_name=made_up())

        class Cleared(models.Model):
            def clear(self):
                for field in self._meta.fields:
                    setattr(self, field.attname, None)
        """,
        **{
            "blog/patch.py": """
            from blog.models import Patched

            for name in names():
                Patched.add_to_class(name, None)
            """
        },
    )
    assert {item.name for item in mapped.entities if not item.known} == {
        "Derived", "Decorated", "Dynamic", "Setting", "Patched", "Child", "Target",
    }  # fmt: skip


def test_models_that_others_add_fields_to() -> None:
    files = {
        "conf/settings.py": "INSTALLED_APPS = ['news']",
        "news/models.py": """
            from django.db import models
            class News(models.Model): ...
            class Paper(models.Model): ...
            """,
        "news/translation.py": """
            from modeltranslation.translator import TranslationOptions, register
            from news.models import News

            @register(News)
            class Options(TranslationOptions): ...
            """,
    }
    mapped = Mapped(files)
    assert not mapped["News"].known
    assert mapped["Paper"].known
    any_model = {
        **files,
        "news/apps.py": """
            from django.apps import apps
            def ready():
                for model in apps.get_models():
                    model.add_to_class("seen", True)
            """,
    }
    assert not Mapped(any_model)["Paper"].known


def test_targets_that_are_not_known() -> None:
    mapped = models("""
class Loose(models.Model):
    a = models.ForeignKey(unknown_name, on_delete=models.CASCADE)
    b = models.ForeignKey("shop.Order", on_delete=models.CASCADE)
    c = models.ForeignKey("blog.Missing", on_delete=models.CASCADE)
    d = models.ForeignKey("auth.Group", on_delete=models.CASCADE)
""")
    relations = mapped["Loose"].relations
    assert [relations[name].target for name in "abcd"] == [None, "shop.Order", None, "auth.Group"]
    assert mapped["Loose"].columns["d_id"].foreign_key == "auth_group.id"


def test_the_app_of_a_folder_that_settings_do_not_name() -> None:
    mapped = Mapped({
        "site/settings.py": "INSTALLED_APPS = ['site.shop.apps.ShopConfig', 'site.news']",
        "site/shop/models.py": "",
        "site/shop/stock/models.py": "from django.db import models\nclass Box(models.Model): ...",
        "site/news/models/item.py": "from django.db import models\nclass Item(models.Model): ...",
        "loose.py": "from django.db import models\nclass Loose(models.Model): ...",
    })  # fmt: skip
    assert mapped["Box"].table == "shop_box"
    assert mapped["Item"].table == "news_item"
    assert mapped["Loose"].table is None


def test_a_reusable_app_does_not_know_its_users() -> None:
    mapped = Mapped(
        {
            "polls/models.py": """
        from django.conf import settings
        from django.db import models

        class Vote(models.Model):
            by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
        """
        }
    )
    assert mapped["Vote"].relations["by"].target is None


def test_hostile_models() -> None:
    mapped = models("""
class A(B): ...
class B(A, models.Model): ...
class C(C, models.Model): ...
class D(models.Model):
    a = models.ForeignKey("E", primary_key=True, on_delete=models.CASCADE)
    models.CharField()
    (x, *y), z = 1, 2
    class Meta:
        proxy = True
        abstract = unknown
class E(models.Model):
    a = models.OneToOneField(D, primary_key=True, on_delete=models.CASCADE)
    b = models.ForeignKey()
    c = models.ForeignKey(*args, **kwargs)
""")
    assert {"D", "E"} <= {item.name for item in mapped.entities}
    assert mapped["E"].columns["a_id"].primary_key
