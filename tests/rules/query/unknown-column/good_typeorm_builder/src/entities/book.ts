import { Column, CreateDateColumn, Entity, JoinTable, ManyToMany, ManyToOne, PrimaryGeneratedColumn } from 'typeorm';
import { Reader } from './reader.js';

@Entity('books')
export class Book {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column()
  title!: string;

  @Column({ name: 'call_number', unique: true })
  callNumber!: string;

  @Column({ type: 'jsonb', nullable: true })
  details?: { pages: number };

  @CreateDateColumn()
  acquired!: Date;

  @ManyToOne(() => Reader, (reader) => reader.loans, { nullable: true })
  holder?: Reader;

  @ManyToMany(() => Reader, (reader) => reader.wishes)
  @JoinTable()
  wanted!: Reader[];

  shelf = '';
}
