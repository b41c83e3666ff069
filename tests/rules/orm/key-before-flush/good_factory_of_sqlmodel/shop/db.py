from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session as _Session

engine = create_engine("postgresql://localhost/books")
Session = sessionmaker(engine, class_=_Session, expire_on_commit=False)
