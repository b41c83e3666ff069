import { BelongsTo, Column, DataType, ForeignKey, HasMany, Model, Table } from "sequelize-typescript";
import { Person } from "./person";

@Table({ tableName: "letters" })
export class Letter extends Model {
  @ForeignKey(() => Person)
  @Column(DataType.INTEGER)
  declare senderId: number;

  @BelongsTo(() => Person, "senderId")
  declare sender: Person;

  @ForeignKey(() => Person)
  @Column(DataType.INTEGER)
  declare receiverId: number;

  @BelongsTo(() => Person, "receiverId")
  declare receiver: Person;
}
