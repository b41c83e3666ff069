module.exports = { folder: __dirname, path: require('node:path') };
