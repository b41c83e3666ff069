const { Album, Artist } = require('./db');

Album.belongsTo(Artist, { as: 'artist', foreignKey: 'artistId' }); // expect: orm/association-mismatch
Artist.hasMany(Album, { as: 'albums', foreignKey: 'artistId' });
