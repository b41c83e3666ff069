module.exports = {
  sessions: { key: process.env.SESSION_KEY || 'development' },
  partner: { key: process.env.PARTNER_KEY },
};
