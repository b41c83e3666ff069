from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine


def open_engine() -> AsyncEngine:
    return create_async_engine("sqlite+aiosqlite:///shop.db")
