"""Django's, Tortoise's and other libraries' field classes: which value they hold, what they add."""

from __future__ import annotations

import sys
from typing import Final, Literal

from ci_gate.codemodel.entities.facts import ColumnType
from ci_gate.data import dataclass

#: What a class attribute of a model is. ``attribute`` is none of the ORM's business.
Kind = Literal[
    "column", "foreign-key", "one-to-one", "many-to-many", "generic-key", "generic-relation",
    "composite-key", "manager", "attribute",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldType:
    """A class whose instances stand in model bodies.

    ``opens``: it may put attributes on the model beside its own, which cannot be told. ``adds`` are
    those that can, with ``{}`` for its name. ``target`` is the model that a relation always leads
    to. ``without_value`` is what a row gets where no value is given: Django stores the empty string
    in a text column.
    """

    name: str
    kind: Kind
    type: ColumnType | None = None
    without_value: bool = False
    opens: bool = False
    adds: tuple[str, ...] = ()
    target: str | None = None


_TYPES: Final[dict[ColumnType, str]] = {
    "integer": "AutoField BigAutoField SmallAutoField IntegerField BigIntegerField "
    "SmallIntegerField PositiveIntegerField PositiveBigIntegerField PositiveSmallIntegerField "
    "OrderWrt",
    "float": "FloatField",
    "decimal": "DecimalField",
    "text": "CharField TextField EmailField SlugField URLField FileField FilePathField ImageField "
    "CommaSeparatedIntegerField GenericIPAddressField IPAddressField CITextField CICharField "
    "CIEmailField",
    "boolean": "BooleanField NullBooleanField",
    "datetime": "DateTimeField",
    "date": "DateField",
    "time": "TimeField",
    "interval": "DurationField",
    "json": "JSONField",
    "array": "ArrayField",
    "uuid": "UUIDField",
    "binary": "BinaryField",
}
_UNTYPED: Final = (
    "Field HStoreField RangeField IntegerRangeField BigIntegerRangeField DecimalRangeField "
    "FloatRangeField DateTimeRangeField DateRangeField SearchVectorField GeneratedField "
    "GeometryField PointField LineStringField PolygonField MultiPointField MultiLineStringField "
    "MultiPolygonField GeometryCollectionField RasterField"
)
_RELATIONS: Final[dict[str, Kind]] = {
    "ForeignKey": "foreign-key",
    "OneToOneField": "one-to-one",
    "ManyToManyField": "many-to-many",
    "GenericForeignKey": "generic-key",
    "GenericRelation": "generic-relation",
    "CompositePrimaryKey": "composite-key",
}
_EMPTY_STRING: Final = frozenset({
    "CharField", "TextField", "EmailField", "SlugField", "URLField", "FileField", "FilePathField",
    "ImageField", "CommaSeparatedIntegerField", "BinaryField", "CITextField", "CICharField",
    "CIEmailField",
})  # fmt: skip

_DJANGO: Final[dict[str, FieldType]] = {
    **{
        name: FieldType(name, "column", column_type, name in _EMPTY_STRING)
        for column_type, names in _TYPES.items()
        for name in names.split()
    },
    **{name: FieldType(name, "column") for name in _UNTYPED.split()},
    **{name: FieldType(name, kind) for name, kind in _RELATIONS.items()},
}

_TORTOISE_TYPES: Final[dict[ColumnType, str]] = {
    "integer": "IntField BigIntField SmallIntField IntEnumField IntegerField BigIntegerField "
    "SmallIntegerField",
    "text": "CharField TextField",
    "enum": "CharEnumField",
    "date": "DateField",
    "time": "TimeField",
    "interval": "TimeDeltaField DurationField",
    "float": "FloatField",
    "decimal": "DecimalField",
    "boolean": "BooleanField",
    "json": "JSONField",
    "uuid": "UUIDField",
    "binary": "BinaryField",
    "array": "ArrayField",
}
_TORTOISE_UNTYPED: Final = "Field DatetimeField DateTimeField TSVectorField GeometryField"
_TORTOISE: Final[dict[str, FieldType]] = {
    **{
        name: FieldType(name, "column", column_type)
        for column_type, names in _TORTOISE_TYPES.items()
        for name in names.split()
    },
    **{name: FieldType(name, "column") for name in _TORTOISE_UNTYPED.split()},
    "ForeignKeyField": FieldType("ForeignKeyField", "foreign-key"),
    "ForeignKey": FieldType("ForeignKeyField", "foreign-key"),
    "OneToOneField": FieldType("OneToOneField", "one-to-one"),
    "OneToOne": FieldType("OneToOneField", "one-to-one"),
    "ManyToManyField": FieldType("ManyToManyField", "many-to-many"),
    "ManyToMany": FieldType("ManyToManyField", "many-to-many"),
}

#: Classes of other libraries, by package and name.
_OTHERS: Final[dict[tuple[str, str], FieldType]] = {
    ("mptt", "TreeForeignKey"): FieldType("ForeignKey", "foreign-key"),
    ("mptt", "TreeOneToOneField"): FieldType("OneToOneField", "one-to-one"),
    ("mptt", "TreeManyToManyField"): FieldType("ManyToManyField", "many-to-many"),
    ("mptt", "TreeManager"): FieldType("TreeManager", "manager"),
    ("modelcluster", "ParentalKey"): FieldType("ForeignKey", "foreign-key"),
    ("modelcluster", "ParentalManyToManyField"): FieldType("ManyToManyField", "many-to-many"),
    ("sortedm2m", "SortedManyToManyField"): FieldType("ManyToManyField", "many-to-many"),
    ("annoying", "AutoOneToOneField"): FieldType("OneToOneField", "one-to-one"),
    ("taggit", "TaggableManager"): FieldType("TaggableManager", "many-to-many",
                                             target="taggit.Tag"),
    ("modelcluster", "ClusterTaggableManager"): FieldType("TaggableManager", "many-to-many",
                                                          target="taggit.Tag"),
    ("model_utils", "FieldTracker"): FieldType("FieldTracker", "attribute"),
    ("model_utils", "ModelTracker"): FieldType("ModelTracker", "attribute"),
    ("model_utils", "Choices"): FieldType("Choices", "attribute"),
    ("simple_history", "HistoricalRecords"): FieldType(
        "HistoricalRecords", "attribute",
        adds=("save_without_historical_record", "get_default_history_user", "_history_user",
              "_change_reason", "_history_date", "skip_history_when_saving"),
    ),
    ("djmoney", "MoneyField"): FieldType("MoneyField", "column", "decimal",
                                         adds=("{}_currency",)),
    ("multiselectfield", "MultiSelectField"): FieldType("MultiSelectField", "column", "text",
                                                        adds=("get_{}_list",)),
    ("model_utils", "SplitField"): FieldType("SplitField", "column", "text",
                                             adds=("_{}_excerpt",)),
    ("imagekit", "ImageSpecField"): FieldType("ImageSpecField", "attribute"),
    ("imagekit", "ProcessedImageField"): FieldType("ProcessedImageField", "column", "text"),
    ("auditlog", "AuditlogHistoryField"): FieldType("AuditlogHistoryField", "generic-relation",
                                                    target="auditlog.LogEntry"),
}  # fmt: skip

#: Packages whose fields add nothing to a model but the column they are.
_PLAIN_PACKAGES: Final = frozenset({
    "phonenumber_field", "django_countries", "timezone_field", "model_utils", "django_extensions",
    "jsonfield", "colorfield", "ckeditor", "django_ckeditor_5", "tinymce",
    "encrypted_model_fields", "fernet_fields", "encrypted_fields", "django_cryptography",
    "easy_thumbnails", "sorl", "versatileimagefield", "pgvector", "localflavor", "recurrence",
    "autoslug", "netfields", "cloudinary", "django_jsonform", "markdownx", "martor", "mdeditor",
    "relativedeltafield", "shortuuidfield", "shortuuid", "django_enumfield", "enumfields",
    "django_pydantic_field", "django_bleach", "django_mysql", "mptt", "taggit",
})  # fmt: skip


def external_field(path: str, tortoise: bool = False) -> FieldType | None:
    """The field class, manager or other attribute that a library's class or function makes.

    None: what ``path`` names cannot be told, and a model that has it may have more attributes.
    """
    package, _, _ = path.partition(".")
    name = path.rpartition(".")[2].partition("(")[0]
    if package == "tortoise" or (tortoise and name in _TORTOISE and package not in _stdlib()):
        return _TORTOISE.get(name) or FieldType(name, "attribute")
    if package == "django":
        if name in _DJANGO:
            return _DJANGO[name]
        return FieldType(name, "manager" if _is_manager(path) else "attribute")
    if package in _stdlib() or "." not in path:
        return FieldType(name, "attribute")
    other = _OTHERS.get((package, name))
    if other is not None:
        return other
    plain = package in _PLAIN_PACKAGES
    if name.endswith("ForeignKey"):
        return FieldType("ForeignKey", "foreign-key", opens=not plain)
    if name.endswith("OneToOneField"):
        return FieldType("OneToOneField", "one-to-one", opens=not plain)
    if name.endswith("ManyToManyField"):
        return FieldType("ManyToManyField", "many-to-many", opens=not plain)
    if name.endswith("Field"):
        return FieldType(name, "column", opens=not plain)
    if _is_manager(path):
        return FieldType(name, "manager")
    return FieldType(name, "attribute") if plain else None


def _is_manager(path: str) -> bool:
    last = path.rpartition(".")[2]
    return "Manager" in last or last.startswith("as_manager") or ".from_queryset()" in path


def _stdlib() -> frozenset[str]:
    return sys.stdlib_module_names
