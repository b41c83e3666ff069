from functools import lru_cache

from pydantic_settings import BaseSettings
from sqlalchemy import URL


class Settings(BaseSettings):
    database_url: str = ""
    postgres_host: str = ""
    postgres_port: int = 5432
    postgres_user: str = "ferry"
    postgres_password: str = ""
    postgres_db: str = "ferry"

    @property
    def engine_url(self) -> str:
        if self.database_url:
            return self.database_url.replace("postgres://", "postgresql+asyncpg://", 1)
        elif self.postgres_host:
            return URL.create(
                "postgresql+asyncpg",
                username=self.postgres_user,
                password=self.postgres_password or None,
                host=self.postgres_host,
                port=self.postgres_port,
                database=self.postgres_db,
            ).render_as_string(hide_password=False)
        return "sqlite+aiosqlite:///./ferry.db"  # expect: database/wrong-engine error


@lru_cache
def get_settings() -> Settings:
    return Settings()
