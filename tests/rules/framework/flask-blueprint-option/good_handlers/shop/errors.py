from flask import Blueprint, jsonify

errors = Blueprint("errors", __name__)


@errors.app_errorhandler(KeyError)
def not_found(error):
    return jsonify(error=str(error)), 404
