const { Member } = require('./models');

module.exports = {
  page: (number) => Member.findAndCountAll({ limit: 20, offset: number * 20, order: [['id', 'ASC']] }),
  all: (email) => Member.findAll({ where: { email }, limit: 5 }),
  byEmail: (email) => Member.findOne({ where: { email } }),
  async rename(id, nick) {
    const [count] = await Member.update({ nick }, { where: { id } });
    if (count === 0) {
      throw new Error('no such member');
    }
    return Member.findByPk(id);
  },
  async invite(email) {
    const [member] = await Member.findOrCreate({ where: { email } });
    return member;
  },
  remove: (id) => Member.destroy({ where: { id } }),
};
