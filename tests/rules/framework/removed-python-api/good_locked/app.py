from flask import Flask, escape
from werkzeug.urls import url_quote

app = Flask(__name__)
