from library.books import Books


async def shelf(repo: Books, limit: int) -> list[dict]:
    found = await repo.listed(limit)
    tags = await repo.tags_of([book.id for book in found])
    return [{"title": book.title, "tags": tags.get(book.id, [])} for book in found]
