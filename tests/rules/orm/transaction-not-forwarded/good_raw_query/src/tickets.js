const { sequelize, Ticket } = require('./models');

exports.sell = (seat) =>
  sequelize.transaction(async (transaction) => {
    const ticket = await Ticket.create({ seat }, { transaction });
    await sequelize.query('UPDATE halls SET free = free - 1', { transaction });
    await sequelize.query('SELECT pg_notify(:name, :text)', { replacements: { name: 'sold', text: '' } });
    return ticket;
  });
