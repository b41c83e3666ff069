import { Reader } from './models.js';

export const cards = (id) => Reader.scope('withCard').findByPk(id); // expect: orm/undefined-attribute
export const both = () => Reader.scope(['carded', { method: ['byName', 'a'] }]).findAll({ limit: 9 }); // expect: orm/undefined-attribute
