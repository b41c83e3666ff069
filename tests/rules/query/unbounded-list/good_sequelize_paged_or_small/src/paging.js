export const paginate = (options, { page = 1, size = 20 }) => ({
  ...options,
  limit: Math.min(Number(size), 100),
  offset: (Number(page) - 1) * Number(size),
});

export function withLimit(options, limit) {
  if (limit) {
    options.limit = Number(limit);
  }
  return options;
}
