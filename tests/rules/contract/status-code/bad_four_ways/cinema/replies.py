from flask import jsonify


def reply(body, status=200):
    return jsonify(body), status
