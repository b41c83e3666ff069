import { BelongsTo, Column, ForeignKey, HasMany, Model, Table } from 'sequelize-typescript';

@Table
export class Author extends Model {
  @Column name: string;
  @HasMany(() => Book) books: Book[];
}

@Table({ tableName: 'books', underscored: true })
export class Book extends Model {
  @Column title: string;
  @ForeignKey(() => Author) @Column authorId: number;
  @BelongsTo(() => Author) author: Author;
}
