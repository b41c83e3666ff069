import { BelongsTo, Column, DataType, ForeignKey, HasMany, Model, Table } from "sequelize-typescript";
import { Person } from "./person";

@Table({ tableName: "letters" })
export class Letter extends Model {
  @ForeignKey(() => Person)
  @Column(DataType.INTEGER)
  declare senderId: number;

  @BelongsTo(() => Person, { foreignKey: "senderId", as: "sender" })
  declare sender: Person;
}
