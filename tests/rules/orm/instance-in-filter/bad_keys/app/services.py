from app.models import Article, User
from app.repositories import Articles


class ArticleService:
    def __init__(self, articles: Articles) -> None:
        self.articles = articles

    def of(self, name: str):
        user = self.articles.user(name)
        if user is None:
            return []
        self.articles.again(user)
        return [*self.articles.by(user), self.articles.first_by(user)]

    def feed(self):
        return self.articles.by_any(self.articles.users())

    def may_edit(self, article_id: int, name: str) -> bool:
        article = self.articles.session.get(Article, article_id)
        return owns(article, self.articles.user(name)) if article else False


def current(articles: Articles) -> Article:
    return articles.session.query(Article).one()


def check(articles: Articles):
    return owns(current(articles), articles.user("a"))


def owns(article: Article, user: User) -> bool:
    return article.author_id == user  # expect: orm/instance-in-filter error
