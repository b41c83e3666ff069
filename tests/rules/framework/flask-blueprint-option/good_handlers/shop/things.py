from flask import Blueprint, jsonify

things = Blueprint("things", __name__)


@things.errorhandler(KeyError)
def not_found(error):
    return jsonify(error=str(error)), 404
