import { EntityManager, Repository } from 'typeorm';
import { Book } from '../entities/book.js';

export class LoanRepository {
  private readonly books: Repository<Book>;

  constructor(manager: EntityManager) {
    this.books = manager.getRepository(Book);
  }

  lend(book: Book) {
    return this.books.save(book);
  }
}
