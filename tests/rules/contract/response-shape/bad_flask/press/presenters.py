def author_json(author):
    return {"name": author.name}


def book_json(book):
    return {"title": book.title, "page_count": book.pages, "author": author_json(book.author)}


def full_json(book):
    data = {"title": book.title, "pageCount": book.pages}
    data["author"] = author_json(book.author)
    return data
