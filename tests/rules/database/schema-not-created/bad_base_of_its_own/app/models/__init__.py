from app.models.login import Login
from app.models.user import User

__all__ = ["Login", "User"]
