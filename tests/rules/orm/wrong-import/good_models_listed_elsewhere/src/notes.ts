import { Note } from "./models/note";

export function notesOf(plantId: number) {
  return Note.findAll({ where: { plantId }, limit: 50 });
}
