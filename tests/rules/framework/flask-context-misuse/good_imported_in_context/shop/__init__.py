from flask import Flask


def create_app():
    app = Flask(__name__)
    with app.app_context():
        from shop import settings

        @app.get("/")
        def index():
            return {"page": settings.PAGE}

    return app
