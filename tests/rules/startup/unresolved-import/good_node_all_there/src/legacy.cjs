const table = { anything: 1 };
Object.keys(table).forEach((key) => { exports[key] = table[key]; });
