class Books {
  constructor({ Book }) {
    this.Book = Book;
  }

  onShelf(shelf) {
    return this.Book.findAll({ where: { shelf }, limit: 50 });
  }

  byTitle(title) {
    return this.Book.findOne({ where: { title } });
  }

  move(title, shelf) {
    return this.Book.update({ shelf }, { where: { title } });
  }

  remove(title) {
    return this.Book.destroy({ where: { title } });
  }

  add(title, shelf) {
    return this.Book.create({ title, shelf });
  }
}

module.exports = { Books };
