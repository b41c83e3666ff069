function person(writer) {
  return { name: writer.name, born: writer.born };  // expect: orm/attribute-not-loaded
}

export function present({ poem, liked }) {
  return {
    title: poem.title,
    text: poem.text,
    liked,
    writer: person(poem.writer),
  };
}
