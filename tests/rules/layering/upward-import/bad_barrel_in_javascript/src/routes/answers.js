const conflict = (message) => Object.assign(new Error(message), { status: 409 });

module.exports = { conflict };
