import os

from lending.app import create_app

if __name__ == "__main__":
    app = create_app(os.environ.get("DATABASE_URL", "sqlite:///lending.db"))
    app.run(os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000")))
