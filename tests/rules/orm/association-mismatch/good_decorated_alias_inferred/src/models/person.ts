import { BelongsTo, Column, DataType, ForeignKey, HasMany, Model, Table } from "sequelize-typescript";

@Table({ tableName: "people" })
export class Person extends Model {
  @Column(DataType.TEXT)
  declare name: string;
}
