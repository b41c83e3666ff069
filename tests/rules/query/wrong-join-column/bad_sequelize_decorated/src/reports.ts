import { QueryTypes } from "sequelize";
import { sequelize } from "./database";

export function kilosByKind() {
  return sequelize.query(
    "SELECT t.kind, SUM(h.kilos) AS kilos FROM trees t JOIN harvests h ON h.picker_id = t.id GROUP BY t.kind", // expect: query/wrong-join-column
    { type: QueryTypes.SELECT },
  );
}
