from shop.commands import Query


def clamp(query: Query) -> Query:
    query.page.limit = min(query.page.limit, 100)  # expect: any/frozen-assignment
    return query
