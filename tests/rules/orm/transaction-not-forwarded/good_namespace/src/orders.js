const { sequelize, Label, Order } = require('./models');

exports.place = (values, text) =>
  sequelize.transaction(async () => {
    await Label.create({ text });
    return Order.create(values);
  });
