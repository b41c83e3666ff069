module.exports = { ...require('./settings.json'), storage: process.env.STORAGE };
