import { Repository } from 'typeorm';
import { Book } from '../entities/book.js';

export class BookRepository extends Repository<Book> {
  onShelf(call: string) {
    return this.find({ where: { callNumber: call } });
  }

  findBy(where: { shelf: string }) {
    return this.createQueryBuilder('book').where('book.call_number LIKE :call', { call: `${where.shelf}%` }).getMany();
  }

  async everything() {
    return this.findBy({ shelf: 'A', anything: 1 } as never);
  }
}
