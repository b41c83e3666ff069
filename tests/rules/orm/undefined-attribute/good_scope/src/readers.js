import { Loan, Reader } from './models.js';

export const cards = (id) => Reader.scope('carded').findByPk(id);
export const both = () => Reader.scope(['defaultScope', { method: ['named', 'a'] }, 'late']).findAll({ limit: 9 });
export const chosen = (name) => Reader.scope(name).findOne();
export const open = () => Loan.scope('open').findAll({ limit: 9 });
export const none = () => Reader.scope(null).findOne();
