module.exports = 'Shop';
