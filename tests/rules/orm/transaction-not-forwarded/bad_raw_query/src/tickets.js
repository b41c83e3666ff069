const { sequelize, Ticket } = require('./models');

exports.sell = (seat) =>
  sequelize.transaction(async (t) => {
    const ticket = await Ticket.create({ seat }, { transaction: t });
    await sequelize.query('UPDATE halls SET free = free - 1', { logging: false }); // expect: orm/transaction-not-forwarded
    return ticket;
  });
