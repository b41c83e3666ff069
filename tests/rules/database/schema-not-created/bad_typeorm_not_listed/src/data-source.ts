import { DataSource } from 'typeorm';
import { Market } from './entities/market.js';

export const source = new DataSource({
  type: 'better-sqlite3',
  database: 'stalls.db',
  entities: [Market], // expect: database/schema-not-created
  synchronize: true,
});
