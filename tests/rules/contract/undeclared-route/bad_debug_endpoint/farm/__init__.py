from flask import Flask

from farm.cows import blueprint

app = Flask(__name__)
app.register_blueprint(blueprint, url_prefix="/api/cows")


@app.get("/api/health-check")
def health():
    return {"status": "ok"}
