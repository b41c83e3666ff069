import { DataSource } from 'typeorm';
import { Market } from './entities/market.js';
import { Stall } from './entities/stall.js';

export const source = new DataSource({ // expect: database/schema-not-created
  type: 'better-sqlite3',
  database: 'stalls.db',
  entities: [Market, Stall],
  synchronize: false,
});
