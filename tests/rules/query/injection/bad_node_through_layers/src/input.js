function text(query, name) {
  const raw = query[name];
  return typeof raw === 'string' && raw !== '' ? raw : undefined;
}

function orderFilters(query) {
  return { words: text(query, 'q'), order: text(query, 'order'), limit: Number(query.limit) };
}

module.exports = { orderFilters };
