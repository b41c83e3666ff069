function connect({ Album, Artist }) {
  Album.belongsTo(Artist, { as: 'artist', foreignKey: 'artistId' });
  Artist.hasMany(Album, { as: 'albums', foreignKey: 'artistId' });
}

module.exports = { connect };
