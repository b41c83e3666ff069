from shop.repository import Comments


class Service:
    def __init__(self, comments: Comments):
        self.comments = comments

    def get(self, article, comment_id: int, page):
        found = self.comments.on_article(article.id, comment_id)  # expect: any/swapped-arguments
        return found, self.comments.page(page.offset, page.limit)  # expect: any/swapped-arguments
