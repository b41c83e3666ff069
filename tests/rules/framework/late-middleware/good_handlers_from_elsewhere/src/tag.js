export function tag(req, res, next) {
  req.tag = req.get('x-tag');
  next();
}
