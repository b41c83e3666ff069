from shop.commands import Page, Query


def query(args) -> Query:
    found = Query(Page(int(args.get("limit", 20))))
    found.tag = args.get("tag")  # expect: any/frozen-assignment
    return found
