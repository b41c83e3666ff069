from aiohttp import web


def page(request: web.Request) -> int:
    return int(request.args.get("page") or 1)  # expect: framework/unknown-member
