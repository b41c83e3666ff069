const { Book } = require('../src/db');

Book.destroy({ where: {} }).then(() => Book.create({ title: 'Emma' }));
