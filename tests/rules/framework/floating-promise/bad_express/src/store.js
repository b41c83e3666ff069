const fs = require('fs/promises');

exports.list = async () => JSON.parse(await fs.readFile('bells.json', 'utf8'));
exports.shown = (bell) => ({ name: bell.name });
