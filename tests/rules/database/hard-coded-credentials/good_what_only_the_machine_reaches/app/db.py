import os

from sqlalchemy import create_engine

URL = os.environ.get("DATABASE_URL", "postgresql://app:s3cret@localhost:5432/app")
engine = create_engine(URL)
compose = create_engine("postgresql://app:s3cret@database/app")
loopback = create_engine("postgresql://app:s3cret@127.0.0.1:5433/app")
sample = create_engine("postgresql://user:password@db.example.com/app")
