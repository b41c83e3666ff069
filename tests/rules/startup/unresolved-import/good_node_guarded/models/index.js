const db = {};
db.Line = class Line {};
module.exports = db;
