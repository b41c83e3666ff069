const customers = require('../repositories/customers');

const CLEAN = {
  email: (value) => value.trim(),
  nickname: (value) => value || null, // expect: orm/undefined-attribute
};

function toChanges(fields) {
  const changes = {};
  for (const [key, clean] of Object.entries(CLEAN)) {
    if (fields[key] !== undefined) changes[key] = clean(fields[key]);
  }
  return changes;
}

exports.change = (id, fields) => customers.update(id, toChanges(fields));
