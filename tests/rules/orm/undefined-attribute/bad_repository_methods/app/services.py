from app.models import Article, User
from app.repositories import ArticleRepository, UserRepository


class ArticleService:
    def __init__(self, articles: ArticleRepository, users: UserRepository) -> None:
        self._articles = articles
        self._users = users

    async def publish(self, email: str, article: Article) -> Article:
        author = await self._users.find_by_mail(email)  # expect: orm/undefined-attribute error
        article.author = author
        return await self._articles.save(article)

    async def of_email(self, email: str) -> list[Article]:
        user = await self._users.find_by_email(email)
        return await self._articles.of_author(label(user))


def label(user: User) -> str:
    return user.display_name  # expect: orm/undefined-attribute error
