from company_database import Model
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()

__all__ = ["Model", "db"]
