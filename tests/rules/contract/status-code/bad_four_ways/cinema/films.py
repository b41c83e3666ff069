from http import HTTPStatus

from flask import Blueprint, jsonify, make_response, request

from cinema.replies import reply

blueprint = Blueprint("films", __name__)


@blueprint.get("")
def films():
    return {"films": []}


@blueprint.post("")
def add_film():
    if not request.json:
        return {"error": "empty"}, HTTPStatus.UNPROCESSABLE_ENTITY
    return reply({"title": request.json["title"]})  # expect: contract/status-code


@blueprint.get("/<int:number>")
def film(number):
    return reply({"id": number})


@blueprint.put("/<int:number>")
def change(number):
    response = make_response(jsonify(id=number), 201)  # expect: contract/status-code
    response.headers["X-Film"] = str(number)
    return response


@blueprint.delete("/<int:number>")
def remove(number):
    return jsonify({"removed": number})  # expect: contract/status-code


@blueprint.post("/<int:number>/seats")
def seat(number):
    return {"seat": number}, HTTPStatus.OK  # expect: contract/status-code
