export function requireDriver(req, res, next) {
  if (!req.headers.authorization) {
    return res.status(401).json({ error: 'who are you?' });
  }
  req.driver = { id: 1, role: 'driver' };
  next();
}

export const requireRole = (role) => (req, res, next) => {
  if (req.driver.role !== role) {
    return res.status(403).json({ error: 'not yours' });
  }
  next();
};

export async function loadBridge(req, res, next) {
  req.bridge = await Promise.resolve({ id: req.params.id });
  next();
}

export const guard = () => requireDriver;

export function either(strict, name) {
  if (strict) {
    return requireDriver;
  }
  return (req, res, next) => next(name);
}
