module.exports = {
  host: 'db.tickets-and-more.io',
  password: 'gR7-krokus-19', // expect: database/hard-coded-credentials
};
