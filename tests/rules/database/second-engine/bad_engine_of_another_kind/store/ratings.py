import os

from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

ratings_engine = create_engine(f"postgresql+psycopg://{os.environ['RATINGS_HOST']}/ratings")  # expect: database/second-engine error
RatingSession = sessionmaker(ratings_engine)
