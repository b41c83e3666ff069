const loans = new Map();

export const loansOf = (reader) => loans.get(reader) ?? [];
export const lend = (book, reader) => loans.set(reader, [...loansOf(reader), book]);
