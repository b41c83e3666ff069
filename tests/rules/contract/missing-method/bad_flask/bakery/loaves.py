from flask import Blueprint, jsonify

blueprint = Blueprint("loaves", __name__)


@blueprint.route("/", methods=["GET", "POST"])
def loaves():
    return jsonify([])


@blueprint.get("/<int:number>")
def loaf(number):
    return jsonify({"id": number})


@blueprint.patch("/<int:number>")  # expect: contract/missing-method
def change(number):
    return jsonify({"id": number})


@blueprint.delete("/<int:number>")
def remove(number):
    return "", 204
