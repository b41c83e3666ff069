module.exports = {
  ...require('../routes/answers'),
};
