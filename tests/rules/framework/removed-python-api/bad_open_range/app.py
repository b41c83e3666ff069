from flask import Flask, escape  # expect: framework/removed-python-api warning

app = Flask(__name__)
