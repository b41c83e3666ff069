from fastapi import HTTPException
from fastapi.responses import JSONResponse
from flask import make_response


def add() -> JSONResponse:
    return JSONResponse({"added": True}, status=201)  # expect: framework/response-arguments


def show() -> None:
    raise HTTPException(404, message="no such order")  # expect: framework/response-arguments


def change():
    return make_response({"changed": True}, status=202)  # expect: framework/response-arguments
