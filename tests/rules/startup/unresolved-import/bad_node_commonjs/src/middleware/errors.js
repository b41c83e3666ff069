module.exports = (error, req, res, next) => next(error);
