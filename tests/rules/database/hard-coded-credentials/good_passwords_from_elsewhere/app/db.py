from sqlalchemy import URL
from sqlalchemy.ext.asyncio import create_async_engine

from app.settings import PASSWORD, settings

engine = create_async_engine(settings.url)
other = create_async_engine(
    URL.create("postgresql+asyncpg", "orders", PASSWORD, "db.acme-shop.com", 5432, "orders")
)
