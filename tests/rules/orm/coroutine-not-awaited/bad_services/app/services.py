from collections.abc import Callable

from app.models import User
from app.repositories import UserRepository


class UserService:
    def __init__(self, users: UserRepository) -> None:
        self.users = users

    async def register(self, email: str, name: str) -> User:
        if self.users.exists(email):  # expect: orm/coroutine-not-awaited error
            raise ValueError("taken")
        user = User(email=email, username=name)
        self.users.save(user)  # expect: orm/coroutine-not-awaited
        return user

    async def name_of(self, email: str) -> str:
        user = self.users.by_email(email)  # expect: orm/coroutine-not-awaited
        if user is None:
            raise LookupError(email)
        return user.username

    async def first(self) -> str:
        return self.users.all()[0].username  # expect: orm/coroutine-not-awaited

    async def names(self) -> list[str]:
        return [user.username for user in self.users.all()]  # expect: orm/coroutine-not-awaited

    async def count(self) -> int:
        return len(self.users.all())  # expect: orm/coroutine-not-awaited

    async def greeting(self, email: str) -> str:
        return f"Hello {self.users.by_email(email)}"  # expect: orm/coroutine-not-awaited

    def find(self, email: str):
        return self.users.by_email(email)


class Reports:
    def __init__(self, users: Callable[[], UserRepository]) -> None:
        self._users = users

    async def size(self) -> int:
        users = self._users()
        found = users.all()  # expect: orm/coroutine-not-awaited
        return len(found)

    async def latest(self):
        return self._users().by_email("z")  # expect: orm/coroutine-not-awaited

    async def show(self):
        return (await self.latest()).username
