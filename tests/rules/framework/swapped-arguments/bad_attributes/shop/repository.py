class Comments:
    def on_article(self, comment_id: int, article_id: int):
        return comment_id, article_id

    def page(self, limit: int, offset: int):
        return limit, offset
