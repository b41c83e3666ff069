import { ILike, Repository } from 'typeorm';
import { library } from '../data-source.js';
import { Book } from '../entities/book.js';
import { Reader } from '../entities/reader.js';

export class BookService {
  private readonly books = library.getRepository(Book);
  private readonly readers: Repository<Reader> = library.getRepository(Reader);

  list(title: string) {
    return this.books.find({
      where: { titel: ILike(`%${title}%`) }, // expect: orm/undefined-attribute
      order: { createdAt: 'DESC' }, // expect: orm/undefined-attribute
      select: ['id', 'title', 'number'], // expect: orm/undefined-attribute
    });
  }

  one(id: number) {
    return this.books.findOne({ where: { id, holder: { address: { town: 'Kiel' } } } }); // expect: orm/undefined-attribute
  }

  byShelf(shelf: string) {
    return this.books.findBy({ shelf }); // expect: orm/undefined-attribute
  }

  async rename(id: number, title: string) {
    await this.books.update(id, { heading: title }); // expect: orm/undefined-attribute
  }

  async forget(ids: string[]) {
    await this.readers.delete({ where: { id: ids[0] } }); // expect: orm/undefined-attribute
  }

  add(title: string) {
    return this.books.save({ title, callNumer: 'Q 17' }); // expect: orm/undefined-attribute
  }
}
