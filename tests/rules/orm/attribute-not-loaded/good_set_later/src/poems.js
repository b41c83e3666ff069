import { Poem, Writer } from './models.js';

export const poems = {
  async one(id) {
    const poem = await Poem.findByPk(id, {
      attributes: ['id', 'title'],
      include: [{ model: Writer, as: 'writer', attributes: ['id', 'name', 'born'] }],
    });
    await poem.reload({ include: [{ model: Writer, as: 'writer' }] });
    return poem;
  },
  async page() {
    const rows = await Poem.findAll({
      attributes: ['id', 'title'],
      include: [{ model: Writer, as: 'writer' }],
      limit: 20,
    });
    for (const row of rows) {
      row.text = row.title;
    }
    return rows;
  },
};
