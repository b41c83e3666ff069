from collections import Counter

from flask import Flask, jsonify, request

from yard.models import Machine, db

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "postgresql://localhost/yard"
db.init_app(app)


@app.get("/machines")
def machines():
    page = request.args.get("page", 1, type=int)
    found = Machine.query.order_by(Machine.id).limit(20).offset(20 * (page - 1)).all()
    return jsonify([machine.name for machine in found])


@app.get("/metrics")
def metrics():
    states = Counter(machine.state for machine in Machine.query.order_by(Machine.name).all())
    return "\n".join(f"yard{{state={state}}} {number}" for state, number in states.items())
