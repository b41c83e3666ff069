from urllib.parse import urlsplit

_ENGINES = {
    "postgresql": "django.db.backends.postgresql",
    "sqlite": "django.db.backends.sqlite3",
}


def from_url(url):
    parts = urlsplit(url)
    settings = {"ENGINE": _ENGINES[parts.scheme], "NAME": parts.path[1:]}
    if parts.hostname:
        settings |= {"HOST": parts.hostname, "USER": parts.username or ""}
    return settings
