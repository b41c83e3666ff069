const { Member } = require('./models');

module.exports = {
  page: (number) => Member.findAndCountAll({ limit: 20, offset: number * 20, order: [['id', 'ASC']] }),
  byEmail: (email) => Member.findOne({ where: { email } }),
  async rename(id, nick) {
    const [member] = await Member.update({ nick }, { where: { id } });
    return member;
  },
  invite: (email) => Member.findAll({ where: { email }, limit: 1 }),
  remove: (id) => Member.destroy({ where: { id } }),
};
