"""Attributes that models have beside their fields: Django's own, and what queries add."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import ClassInfo, CodeModel
from ci_gate.codemodel.values import ExternalValue
from ci_gate.regex import regex

_INSTANCE: Final = frozenset({
    "save", "delete", "asave", "adelete", "refresh_from_db", "arefresh_from_db", "full_clean",
    "clean", "clean_fields", "validate_unique", "validate_constraints", "serializable_value",
    "get_deferred_fields", "save_base", "prepare_database_save", "unique_error_message",
    "date_error_message", "get_constraints", "pk", "from_db", "check", "get_absolute_url",
    "objects", "DoesNotExist", "MultipleObjectsReturned", "NotUpdated",
})  # fmt: skip
_USER: Final = frozenset({
    "is_authenticated", "is_anonymous", "check_password", "acheck_password", "set_password",
    "set_unusable_password", "has_usable_password", "get_username", "get_session_auth_hash",
    "get_session_auth_fallback_hash", "natural_key", "get_email_field_name", "normalize_username",
    "USERNAME_FIELD", "EMAIL_FIELD", "REQUIRED_FIELDS", "get_full_name", "get_short_name",
    "email_user", "has_perm", "has_perms", "has_module_perms", "get_user_permissions",
    "get_group_permissions", "get_all_permissions", "ahas_perm", "ahas_perms",
    "ahas_module_perms", "aget_user_permissions", "aget_group_permissions",
    "aget_all_permissions", "username_validator", "is_active", "is_staff", "is_superuser",
    "backend", "user_cache",
})  # fmt: skip
_MADE: Final = regex(r"^_|^get_\w+_display$|^get_(?:next|previous)_(?:by|in)_\w+$|"
                          r"^[gs]et_\w+_order$")  # fmt: skip
_OWN: Final = regex(
    r"^(?:django\.(?:contrib\.gis\.)?db\.models\.|typing\.|abc\.|object$|django\.contrib\.auth\.)"
)
_NAMING: Final = frozenset({"annotate", "alias", "extra", "aggregate"})


class AddedNames:
    """Names that some code of the tree puts on objects: by annotations, by assignment.

    ``open``: some annotation's name cannot be seen.
    """

    def __init__(self, model: CodeModel) -> None:
        self.open = False
        names: set[str] = set(model.attributes_set())
        for called in _NAMING:
            for call, _ in model.calls_named(called):
                names.update(self._annotated(call, called))
        for call, _ in model.calls_named("setattr"):
            second = call.argument(1)
            if isinstance(second, s.Literal):
                names.add(str(second.value))
        for call, _ in model.calls_named("Prefetch"):
            alias = call.argument(2, "to_attr")
            if isinstance(alias, s.Literal):
                names.add(str(alias.value))
        self.names = frozenset(names)

    def _annotated(self, call: s.Call, name: str) -> Iterator[str]:
        for argument in call.args:
            if argument.keyword is not None:
                yield argument.keyword
            elif argument.star == "**":
                self.open = True
            elif isinstance(argument.value, s.Call):
                func = argument.value.func
                function = func.name if isinstance(func, s.Attribute) else getattr(func, "id", "")
                given = argument.value.argument(0)
                if isinstance(given, s.Literal) and isinstance(given.value, str):
                    yield f"{given.value}__{function.lower()}"
            elif name != "extra":
                self.open = True
            if isinstance(argument.value, s.Mapping):
                for entry in argument.value.entries:
                    if isinstance(entry.key, s.Literal):
                        yield str(entry.key.value)


def is_class_api(name: str) -> bool:
    """Something that every model class has."""
    return name in _INSTANCE or _MADE.match(name) is not None or name in ("Meta", "media", "mro")


def is_instance_api(model: CodeModel, cls: ClassInfo, name: str) -> bool:
    """Something that Django's base classes give an object, or that cannot be told."""
    if name in _INSTANCE or _MADE.match(name):
        return True
    for base in model.ancestors(cls):
        if isinstance(base, ExternalValue):
            if not _OWN.match(base.path):
                return True
            if base.path.startswith("django.contrib.auth.") and name in _USER:
                return True
    return False
