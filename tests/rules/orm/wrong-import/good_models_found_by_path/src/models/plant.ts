import { BelongsTo, Column, DataType, ForeignKey, HasMany, Model, Table } from "sequelize-typescript";

@Table({ tableName: "plants" })
export class Plant extends Model {
  @Column(DataType.TEXT)
  declare name: string;
}
