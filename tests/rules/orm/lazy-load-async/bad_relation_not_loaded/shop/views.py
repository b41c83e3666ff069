from shop.models import Book


def view(book: Book) -> dict:
    return {"title": book.title, "writer": book.writer.name}  # expect: orm/lazy-load-async
