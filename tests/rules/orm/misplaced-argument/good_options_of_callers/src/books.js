const { Base } = require('./base');
const { Book } = require('./db');

class Books extends Base {
  constructor() {
    super(Book);
  }

  rename(id, title) {
    return this.change({ title }, { where: { id } });
  }

  drop(id) {
    return this.remove({ id });
  }

  touchLater(books) {
    return Promise.all(books.map((book) => book.update({ title: book.title.trim() })));
  }
}

async function touch(context) {
  await context.book.update({ title: 'Emma' });
  await context.book.destroy();
}

module.exports = { Books, touch };
