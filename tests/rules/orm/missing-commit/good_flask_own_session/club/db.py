from flask_sqlalchemy import SQLAlchemy

from club.storing import Storing

db = SQLAlchemy(session_options={"class_": Storing})
