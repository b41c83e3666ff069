from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from ferry.settings import get_settings

engine = create_async_engine(get_settings().engine_url, pool_pre_ping=True)
session_factory = async_sessionmaker(engine)
