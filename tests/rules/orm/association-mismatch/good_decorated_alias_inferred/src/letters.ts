import { Letter } from "./models/letter";
import { Person } from "./models/person";

export function letters() {
  return Letter.findAll({ include: [{ model: Person }], limit: 20 });
}
