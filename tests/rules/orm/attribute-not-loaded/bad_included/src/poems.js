import { Poem, Writer } from './models.js';

export const poems = {
  one: (id) => Poem.findByPk(id, { include: [{ model: Writer, as: 'writer' }] }),
  page: () => Poem.findAll({ include: [{ model: Writer, as: 'writer', attributes: ['id', 'name'] }], limit: 20 }),
};
