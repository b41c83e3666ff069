export function collect() {
  const parts = [];
  const values = [];
  return {
    values,
    add(template, value) {
      values.push(value);
      parts.push(template.replace('?', `$${values.length}`));
    },
    text: () => (parts.length ? `WHERE ${parts.join(' AND ')}` : ''),
  };
}
