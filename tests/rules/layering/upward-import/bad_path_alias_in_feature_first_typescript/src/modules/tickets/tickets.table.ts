import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const tickets = sqliteTable('tickets', { id: integer('id'), title: text('title') });
