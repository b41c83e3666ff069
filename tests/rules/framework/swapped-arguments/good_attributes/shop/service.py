from shop.repository import Comments


class Service:
    def __init__(self, comments: Comments):
        self.comments = comments

    def get(self, article, comment_id: int, page):
        found = self.comments.on_article(comment_id, article.id)
        return found, self.comments.page(page.limit, page.offset)
