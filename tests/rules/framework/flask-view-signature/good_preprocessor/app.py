from flask import Flask, g

app = Flask(__name__)


@app.url_value_preprocessor
def pull_language(endpoint, values):
    g.language = values.pop("language", "en")


@app.get("/<language>/about")
def about():
    return {"language": g.language}
