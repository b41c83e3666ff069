import { Author, Book } from './models';

export class Books {
  async all(): Promise<Book[]> {
    return await Book.findAll<Book>({ include: [Author] });
  }

  async withWriter(id: number): Promise<Book | null> {
    return Book.findByPk(id, { include: [{ model: Author, as: 'writer' }] }); // expect: orm/association-mismatch
  }
}
