from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

DATABASE_URL = "postgresql+asyncpg://orders@localhost/orders"  # expect: startup/undeclared-dependency error

engine = create_async_engine(DATABASE_URL)
Session = async_sessionmaker(engine)
