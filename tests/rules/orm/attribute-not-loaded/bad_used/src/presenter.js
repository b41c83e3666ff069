function person(writer) {
  return { name: writer.name, born: writer.born };
}

export function present({ poem, liked }) {
  return {
    title: poem.title,
    text: poem.text.slice(0, 80),  // expect: orm/attribute-not-loaded
    liked,
    writer: person(poem.writer),
  };
}
