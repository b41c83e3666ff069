from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    primary_url: str
    allow_memory: bool = False


settings = Settings()
