from library.books import Books


async def shelf(repo: Books, limit: int) -> list[dict]:
    found = []
    for book in await repo.listed(limit):
        tags = await repo.tags(book.id)  # expect: query/n-plus-one
        found.append({"title": book.title, "tags": tags})
    return found
