class Loans {
  constructor({ Loan }) {
    this.Loan = Loan;
  }

  ofBook(bookId) {
    return this.Loan.findOne({ where: { bookId } });
  }

  open(bookId, until) {
    return this.Loan.create({ bookId, until });
  }

  extend(bookId, until) {
    return this.Loan.update({ until }, { where: { bookId } });
  }

  close(bookId) {
    return this.Loan.destroy({ where: { bookId } });
  }
}

module.exports = { Loans };
