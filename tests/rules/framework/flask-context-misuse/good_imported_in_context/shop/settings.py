from flask import current_app

PAGE = current_app.config.get("PAGE", 20)
