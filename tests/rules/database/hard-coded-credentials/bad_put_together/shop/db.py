import os

from sqlalchemy import create_engine

USER = "shop"
PASSWORD = "hT7_kd93x"
URL = f"postgresql://{USER}:{PASSWORD}@db.shop.internal.net/shop"  # expect: database/hard-coded-credentials error

engine = create_engine(URL)
other = create_engine(
    os.environ.get("OTHER_URL", "mysql+pymysql://shop:kd93x@db2.shop.net/other")  # expect: database/hard-coded-credentials warning
)
