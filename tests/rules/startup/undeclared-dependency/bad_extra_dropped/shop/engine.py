from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine  # expect: startup/undeclared-dependency error


def open_engine() -> AsyncEngine:
    return create_async_engine("sqlite+aiosqlite:///shop.db")
