from flask import Flask, jsonify

from shop.services import ArticleService, Mailer, Store

app = Flask(__name__)
articles = ArticleService(Store({}), Mailer())  # expect: any/missing-collaborator
later = ArticleService(Store({}), Mailer(transport=None), favorites=None)  # expect: any/missing-collaborator


@app.get("/articles/<slug>")
def show(slug):
    return jsonify(articles.one(slug), later.one(slug))
