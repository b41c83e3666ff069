const { Book, Reading } = require('./db');

async function read(title) {
  const book = await Book.findOne({ where: { title } });
  const [reading] = await Reading.findOrCreate({ where: { bookId: book.id } });
  return reading.increment('total');
}

module.exports = { read };
