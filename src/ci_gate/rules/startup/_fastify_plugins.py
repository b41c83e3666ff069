"""For which major version of Fastify the plugins of its organisation are.

Read from what the last release of each major version hands to `fastify-plugin`; versions that allow
several majors are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_TABLE: Final = """
    accepts 3=3 4=4 5=5
    any-schema 3=4
    auth 3=4 4=4 5=5
    awilix 3=4 4=4 5=4 6=5 7=5 8=5
    basic-auth 3=3 4=4 5=4 6=5
    bearer-auth 7=3 8=4 9=4 10=5
    caching 7=3 8=4 9=5
    circuit-breaker 3=4 4=5
    compress 5=3 6=4 7=4 8=5 9=5
    cookie 7=4 8=4 9=4 10=5 11=5
    cors 7=3 8=4 9=4 10=5 11=5
    csrf-protection 4=3 5=4 6=4 7=5 8=5
    early-hints 1=4
    elasticsearch 3=4 4=5
    env 3=3 4=4 5=5 6=5 7=5
    etag 3=3 4=4 5=4 6=5
    express 2=4 3=4 4=5
    flash 4=3 5=4 6=5
    formbody 6=3 7=4 8=5 9=5
    helmet 8=3 9=4 10=4 11=4 12=5 13=5
    http-proxy 7=3 8=4 9=4 10=5 11=5
    jwt 6=4 7=4 8=4 9=5 10=5
    kafka 4=5
    leveldb 5=4 6=5
    middie 8=4 9=5
    mongodb 6=4 7=4 8=4 9=5 10=5
    multipart 7=4 8=4 9=5 10=5
    mysql 4=4 5=5
    nextjs 8=3 9=4 10=4 11=5
    oauth2 6=4 7=4 8=5
    postgres 5=4 6=5
    rate-limit 7=4 8=4 9=4 10=5 11=5
    redis 6=4 7=5 8=5 9=5
    reply-from 8=4 9=4 10=4 11=5 12=5
    request-context 3=3 4=4 5=4 6=5 7=5
    response-validation 2=4 3=5
    routes 5=4 6=5
    schedule 2=3 3=4 4=4 5=5 6=5 7=5
    secure-session 4=3 5=4 6=4 7=4 8=5
    sensible 5=4 6=5
    session 10=4 11=5
    static 5=3 6=4 7=4 8=5 9=5 10=5
    swagger 7=4 8=4 9=5
    swagger-ui 1=4 2=4 3=4 4=4 5=5 6=5
    under-pressure 7=4 8=4 9=5
    url-data 5=4 6=5
    view 7=4 8=4 9=4 10=5 11=5 12=5
    websocket 8=4 9=4 10=4 11=5
"""


def _read(table: str) -> Mapping[str, Mapping[int, int]]:
    found: dict[str, dict[int, int]] = {}
    for line in table.split("\n"):
        name, *entries = line.split() or [""]
        pairs = (entry.split("=") for entry in entries)
        if name:
            found[f"@fastify/{name}"] = {int(plugin): int(fastify) for plugin, fastify in pairs}
    return found


#: Package -> its major version -> that of Fastify.
FASTIFY_OF: Final = _read(_TABLE)
