import os

from pydantic import SecretStr
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    db_host: str = "db.acme-shop.com"
    db_user: str = "orders"
    db_password: SecretStr

    @property
    def url(self):
        password = self.db_password.get_secret_value()
        return f"postgresql+asyncpg://{self.db_user}:{password}@{self.db_host}/orders"


class TestSettings(Settings):
    @property
    def url(self):
        return "postgresql+asyncpg://orders:hT7_kd93x@ci-db.acme-shop.com/orders"


settings = Settings()
PASSWORD = os.environ["MIGRATION_PASSWORD"]
