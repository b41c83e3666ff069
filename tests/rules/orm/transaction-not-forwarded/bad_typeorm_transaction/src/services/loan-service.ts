import { EntityManager } from 'typeorm';
import { library } from '../data-source.js';
import { Book } from '../entities/book.js';
import { Reader } from '../entities/reader.js';

export class LoanService {
  private readonly books = library.getRepository(Book);

  async lend(id: number, readerId: string) {
    await library.transaction(async (manager) => {
      const book = await manager.findOneByOrFail(Book, { id });
      book.holder = await manager.findOneByOrFail(Reader, { id: readerId });
      await this.books.save(book); // expect: orm/transaction-not-forwarded
      await this.note(manager, readerId);
    });
  }

  async takeBack(id: number) {
    const runner = library.createQueryRunner();
    await runner.startTransaction();
    try {
      const readers = library.getRepository(Reader);
      await runner.manager.update(Book, { id }, { holder: null as never });
      await readers.update({ loans: { id } }, { name: 'none' }); // expect: orm/transaction-not-forwarded
      await runner.commitTransaction();
    } catch (error) {
      await runner.rollbackTransaction();
      throw error;
    } finally {
      await runner.release();
    }
  }

  private async note(manager: EntityManager, readerId: string) {
    await library.manager.increment(Reader, { id: readerId }, 'loanCount', 1); // expect: orm/transaction-not-forwarded
    return manager.count(Reader);
  }
}
