"""The models that Django itself brings: what a model that derives from one inherits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ci_gate.codemodel.entities.facts import ColumnType
from ci_gate.codemodel.libraries import SILENT_BASES
from ci_gate.data import dataclass
from ci_gate.regex import regex

_NAMED: Final = regex(r"^django\.contrib\.(\w+)\.(?:\w+\.)*(\w+)$")
_MODEL: Final = regex(r"^django\.(?:contrib\.gis\.)?db\.models\.(?:base\.)?Model$")


@dataclass(frozen=True, slots=True)
class ContribModel:
    """A model of ``django.contrib``: columns with type and whether they may be null."""

    name: str
    columns: Mapping[str, tuple[ColumnType, bool]]
    relations: Mapping[str, str]
    table: str | None = None
    foreign_keys: tuple[str, ...] = ()
    unique: tuple[str, ...] = ()

    @property
    def abstract(self) -> bool:
        return self.table is None


_BASE_USER: Final[Mapping[str, tuple[ColumnType, bool]]] = {
    "password": ("text", False),
    "last_login": ("datetime", True),
}
_PERMISSIONS: Final[Mapping[str, tuple[ColumnType, bool]]] = {"is_superuser": ("boolean", False)}
_USER: Final[Mapping[str, tuple[ColumnType, bool]]] = {
    **_BASE_USER,
    **_PERMISSIONS,
    "username": ("text", False),
    "first_name": ("text", False),
    "last_name": ("text", False),
    "email": ("text", False),
    "is_staff": ("boolean", False),
    "is_active": ("boolean", False),
    "date_joined": ("datetime", False),
}
_GROUPS: Final = {"groups": "auth.Group", "user_permissions": "auth.Permission"}
_MODELS: Final[Mapping[str, ContribModel]] = {
    f"{app}.{model.name}": model
    for app, model in (
        ("auth", ContribModel("AbstractBaseUser", _BASE_USER, {})),
        ("auth", ContribModel("PermissionsMixin", _PERMISSIONS, _GROUPS)),
        ("auth", ContribModel("AbstractUser", _USER, _GROUPS, unique=("username",))),
        ("auth", ContribModel("User", _USER, _GROUPS, "auth_user", unique=("username",))),
        ("auth", ContribModel("Group", {"name": ("text", False)},
                              {"permissions": "auth.Permission"}, "auth_group", unique=("name",))),
        ("auth", ContribModel(
            "Permission", {"name": ("text", False), "codename": ("text", False)},
            {"content_type": "contenttypes.ContentType"}, "auth_permission", ("content_type",),
        )),
        ("contenttypes", ContribModel(
            "ContentType", {"app_label": ("text", False), "model": ("text", False)}, {},
            "django_content_type",
        )),
        ("sessions", ContribModel(
            "AbstractBaseSession",
            {"session_key": ("text", False), "session_data": ("text", False),
             "expire_date": ("datetime", False)}, {},
        )),
        ("sessions", ContribModel(
            "Session",
            {"session_key": ("text", False), "session_data": ("text", False),
             "expire_date": ("datetime", False)}, {}, "django_session",
        )),
        ("sites", ContribModel("Site", {"domain": ("text", False), "name": ("text", False)}, {},
                               "django_site")),
        ("flatpages", ContribModel(
            "FlatPage",
            {"url": ("text", False), "title": ("text", False), "content": ("text", False),
             "enable_comments": ("boolean", False), "template_name": ("text", False),
             "registration_required": ("boolean", False)},
            {"sites": "sites.Site"}, "django_flatpage",
        )),
    )
}  # fmt: skip
#: Models with a primary key of their own.
PRIMARY_KEYS: Final[Mapping[str, str]] = {
    "AbstractBaseSession": "session_key",
    "Session": "session_key",
}


def contrib_model(path: str) -> ContribModel | None:
    """What ``path`` names, when it is a model of ``django.contrib``."""
    match = _NAMED.match(path)
    return _MODELS.get(f"{match[1]}.{match[2]}") if match is not None else None


def contrib_label(path: str) -> str | None:
    """``app.Model`` for the path of a class of ``django.contrib``."""
    match = _NAMED.match(path)
    return f"{match[1]}.{match[2]}" if match is not None else None


def labelled(label: str) -> ContribModel | None:
    """The model that ``app.Model`` names."""
    return _MODELS.get(label)


def adds_nothing_unknown(path: str) -> bool:
    """A base class all of whose attributes are known."""
    return _MODEL.match(path) is not None or path in SILENT_BASES or contrib_model(path) is not None
