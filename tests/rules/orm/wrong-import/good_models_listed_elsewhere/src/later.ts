import { Note } from "./models/note";

export const LATER = [Note];
