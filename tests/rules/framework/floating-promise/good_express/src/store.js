const fs = require('fs/promises');

exports.list = async () => JSON.parse(await fs.readFile('bells.json', 'utf8'));
exports.note = (count) => console.log(count);
exports.kept = async () => {
  try {
    return await exports.list();
  } catch {
    return [];
  }
};
