function createShelves({ books, loans }) {
  return {
    list: (ctx) => books.onShelf(ctx.params.name), // expect: layering/framework-in-core
    loanOf: (bookId) => loans.ofBook(bookId),
  };
}

module.exports = { createShelves };
