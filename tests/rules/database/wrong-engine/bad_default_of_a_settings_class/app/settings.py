from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    database_url: str = "sqlite+aiosqlite:///./app.db"  # expect: database/wrong-engine error
    page_size: int = 20


settings = Settings()
