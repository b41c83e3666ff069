class Books {
  constructor({ Book }) {
    this.Book = Book;
  }

  onShelf(shelf) {
    return this.Book.findAll({ where: { shelf }, limit: 50 });
  }

  add(title, shelf) {
    return this.Book.create({ title, shelf });
  }
}

module.exports = { Books };
