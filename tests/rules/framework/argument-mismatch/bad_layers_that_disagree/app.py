from flask import Flask

from loans import LoanService, LoanStore

app = Flask(__name__)


@app.delete("/shelves/<shelf>/loans/<int:loan_id>")
def remove(shelf, loan_id):
    service = LoanService(LoanStore())
    service.remove(shelf, loan_id=loan_id, member="m")  # expect: framework/argument-mismatch
    return "", 204


@app.get("/loans")
def empty():
    LoanStore.empty()  # expect: framework/argument-mismatch
    LoanService(LoanStore(), 3)  # expect: framework/argument-mismatch
    return {}
