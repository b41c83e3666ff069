const { Album, Artist } = require('./db');

exports.list = () => Album.findAll({ include: [{ model: Artist, as: 'artist' }], limit: 20 });
