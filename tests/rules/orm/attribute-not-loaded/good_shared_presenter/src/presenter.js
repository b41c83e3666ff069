function person(writer) {
  return { name: writer.name, born: writer.born };
}

export function present({ poem, liked }) {
  return {
    title: poem.title,
    text: poem.text,
    liked,
    writer: person(poem.writer),
  };
}
