from flask import Blueprint, jsonify

errors = Blueprint("errors", __name__)


class NotFound(Exception):
    pass


@errors.errorhandler(NotFound)  # expect: framework/flask-blueprint-option
def not_found(error):
    return jsonify(error=str(error)), 404
