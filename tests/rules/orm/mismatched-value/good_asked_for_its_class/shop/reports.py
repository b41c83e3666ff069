from shop.models import Book, Chapter, Writer


def titles(of) -> list[str]:
    if isinstance(of, Writer):
        books = Book.objects.filter(writer=of)
    elif isinstance(of, Chapter):
        books = Book.objects.filter(chapter=of)
    else:
        books = Book.objects.filter(pk=of.pk)
    return [book.title for book in books[:20]]


def chapters(of) -> list[str]:
    if type(of).__name__ == "Book":
        found = Chapter.objects.filter(book=of)
    elif type(of) is Writer:
        found = Chapter.objects.filter(book__writer=of)
    else:
        found = Chapter.objects.none()
    return [chapter.title for chapter in found[:20]]
