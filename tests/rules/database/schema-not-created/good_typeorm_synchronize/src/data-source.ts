import { DataSource } from 'typeorm';
import { Market } from './entities/market.js';
import { Stall } from './entities/stall.js';

const mapped = [Market, Stall];

export const source = new DataSource({
  type: 'better-sqlite3',
  database: 'stalls.db',
  entities: mapped,
  synchronize: process.env.NODE_ENV !== 'production',
});
