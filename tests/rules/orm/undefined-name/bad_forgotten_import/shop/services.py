from shop.repositories import ArticleRepository


class ArticleService:
    def __init__(self):
        self.articles = ArticleRepository()
        self.users = UserRepository()  # expect: orm/undefined-name

    def show(self):
        user = self.users.first()
        return UserRead(name=user.name)  # expect: orm/undefined-name

    def other(self):
        from shop.models import Article

        return Article.query.first()

    def count(self):
        return Article.query.count()  # expect: orm/undefined-name
