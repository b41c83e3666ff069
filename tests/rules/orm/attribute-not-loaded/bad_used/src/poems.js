import { Poem, Writer } from './models.js';

export const poems = {
  one: (id) => Poem.findByPk(id, { include: [{ model: Writer, as: 'writer' }] }),
  page: () => Poem.findAll({ attributes: { exclude: ['text'] }, include: [{ model: Writer, as: 'writer' }], limit: 20 }),
};
