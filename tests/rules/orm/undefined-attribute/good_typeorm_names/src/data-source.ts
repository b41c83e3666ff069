import { DataSource } from 'typeorm';
import { Book } from './entities/book.js';
import { Reader } from './entities/reader.js';

export const library = new DataSource({
  type: 'postgres',
  url: process.env.DATABASE_URL,
  entities: [Book, Reader],
  migrations: ['dist/migrations/*.js'],
  migrationsRun: true,
});
