from sqlalchemy import Column, DateTime, String

name_column = Column(String(80), nullable=False)
created = Column("created", DateTime)
