const { sequelize, Sack } = require('./models');

sequelize.sync({ force: true }).then(() => Sack.create({ grain: 'rye', weight: 50 }));
