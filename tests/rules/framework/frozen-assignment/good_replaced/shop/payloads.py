from dataclasses import replace

from shop.commands import Draft, Query


def query(args) -> Query:
    found = Query(int(args.get("limit", 20)))
    return replace(found, tag=args.get("tag"))


def draft(body) -> Draft:
    found = Draft()
    found.tag = body.get("tag")
    return found
