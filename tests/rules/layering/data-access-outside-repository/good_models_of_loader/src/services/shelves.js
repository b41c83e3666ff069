function createShelves({ books, loans }) {
  return {
    list: (shelf) => books.onShelf(shelf),
    loanOf: (bookId) => loans.ofBook(bookId),
  };
}

module.exports = { createShelves };
