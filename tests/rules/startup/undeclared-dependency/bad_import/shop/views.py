import jwt
from email_validator import validate_email  # expect: startup/undeclared-dependency error
from flask import Blueprint, request
from werkzeug.exceptions import BadRequest

views = Blueprint("views", __name__)


@views.post("/customers")
def register():
    if "email" not in request.json:
        raise BadRequest("email is required")
    address = validate_email(request.json["email"]).normalized
    return {"token": jwt.encode({"sub": address}, "secret", algorithm="HS256")}
