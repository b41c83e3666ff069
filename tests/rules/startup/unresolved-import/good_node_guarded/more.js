module.exports = (target) => { target.extra = 2; };
