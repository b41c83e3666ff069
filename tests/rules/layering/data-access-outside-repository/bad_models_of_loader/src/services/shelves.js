function createShelves({ books, models }) {
  return {
    list: (shelf) => books.onShelf(shelf),
    loanOf: (bookId) => models.Loan.findOne({ where: { bookId } }), // expect: layering/data-access-outside-repository
  };
}

module.exports = { createShelves };
