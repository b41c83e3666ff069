"""What installed apps that are not of the tree put on the project's user model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from ci_gate.codemodel.entities.facts import Entity, Relation

#: app -> (attribute, many, name in lookups, model that the relation comes from)
_RELATIONS: Final[Mapping[str, tuple[tuple[str, bool, str, str], ...]]] = {
    "django.contrib.admin": (("logentry_set", True, "logentry", "admin.LogEntry"),),
    "rest_framework.authtoken": (("auth_token", False, "auth_token", "authtoken.Token"),),
    "knox": (("auth_token_set", True, "auth_token_set", "knox.AuthToken"),),
    "rest_framework_simplejwt.token_blacklist": (
        ("outstandingtoken_set", True, "outstandingtoken", "token_blacklist.OutstandingToken"),
    ),
    "allauth.account": (("emailaddress_set", True, "emailaddress", "account.EmailAddress"),),
    "allauth.socialaccount": (
        ("socialaccount_set", True, "socialaccount", "socialaccount.SocialAccount"),
    ),
    "social_django": (("social_auth", True, "social_auth", "social_django.UserSocialAuth"),),
    "django_otp.plugins.otp_totp": (
        ("totpdevice_set", True, "totpdevice", "otp_totp.TOTPDevice"),
    ),
    "django_otp.plugins.otp_static": (
        ("staticdevice_set", True, "staticdevice", "otp_static.StaticDevice"),
    ),
    "guardian": (
        ("userobjectpermission_set", True, "userobjectpermission",
         "guardian.UserObjectPermission"),
    ),
    "reversion": (("revision_set", True, "revision", "reversion.Revision"),),
    "oauth2_provider": tuple(
        (f"oauth2_provider_{name.lower()}", True, f"oauth2_provider_{name.lower()}",
         f"oauth2_provider.{name}")
        for name in ("Application", "Grant", "AccessToken", "IDToken", "RefreshToken")
    ),
}  # fmt: skip
#: Packages of apps whose models, if any, do not point at users.
_WITHOUT: Final = frozenset({
    "allauth", "anymail", "axes", "bootstrap4", "bootstrap5", "cacheops", "cachalot", "channels",
    "ckeditor", "cloudinary", "cloudinary_storage", "colorfield", "compressor", "corsheaders",
    "crispy_bootstrap4", "crispy_bootstrap5", "crispy_forms", "daphne", "dbbackup",
    "debug_toolbar", "dj_rest_auth", "django_browser_reload", "django_celery_beat",
    "django_celery_results", "django_cleanup", "django_countries", "django_elasticsearch_dsl",
    "django_extensions", "django_filters", "django_htmx", "django_otp", "django_prometheus",
    "django_redis", "django_rq", "django_structlog", "django_tables2", "djoser", "drf_spectacular",
    "drf_spectacular_sidecar", "drf_yasg", "easy_thumbnails", "graphene_django", "health_check",
    "imagekit", "import_export", "jazzmin", "jet", "livereload", "modeltranslation", "mptt",
    "ninja", "ninja_extra", "phonenumber_field", "polymorphic", "rest_framework",
    "rest_framework_jwt", "rest_framework_simplejwt", "rest_framework_swagger", "rosetta",
    "sass_processor", "silk", "sorl", "storages", "strawberry_django", "taggit", "tinymce",
    "unfold", "watchman", "webpack_loader", "whitenoise", "widget_tweaks", "django_q",
    "django_apscheduler", "django_migration_linter", "django_linear_migrations", "parler",
    "zeal", "nplusone", "adminsortable2", "constance", "markdownx",
})  # fmt: skip


def user_relations(apps: Iterable[str], user: Entity) -> dict[str, Relation] | None:
    """The relations that ``apps`` (of other packages) put on the user model; None where one of
    them is not known."""
    found: dict[str, Relation] = {}
    for app in apps:
        relations = _RELATIONS.get(app)
        if relations is None:
            package = app.partition(".")[0]
            if package != "django" and package not in _WITHOUT:
                return None
            continue
        for name, many, lookup, source in relations:
            found[name] = Relation(
                name, source, many, user.path, user.span, implied=True,
                lookup=lookup if lookup != name else None,
            )  # fmt: skip
    return found
