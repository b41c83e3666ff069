from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    "postgresql+asyncpg://orders:hT7_kd93x@db.acme-shop.com:5432/orders",  # expect: database/hard-coded-credentials error
    pool_size=5,
)
