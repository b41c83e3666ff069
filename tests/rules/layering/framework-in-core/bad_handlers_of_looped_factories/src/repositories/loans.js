class Loans {
  constructor({ Loan }) {
    this.Loan = Loan;
  }

  ofBook(bookId) {
    return this.Loan.findOne({ where: { bookId } });
  }

  close(bookId) {
    return this.Loan.destroy({ where: { bookId } });
  }
}

module.exports = { Loans };
