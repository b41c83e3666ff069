const slugify = require('slugify'); // expect: startup/undeclared-dependency

exports.titleOf = (text) => slugify(text);
