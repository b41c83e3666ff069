const all: { owner: string; text: string }[] = []

export const list = (owner: string) => all.filter((note) => note.owner === owner)
