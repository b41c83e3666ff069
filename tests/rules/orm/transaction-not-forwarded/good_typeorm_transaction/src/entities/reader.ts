import { Column, Entity, ManyToMany, OneToMany, PrimaryGeneratedColumn } from 'typeorm';
import { Book } from './book.js';

export class Address {
  @Column()
  street!: string;

  @Column()
  city!: string;
}

@Entity('readers')
export class Reader {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column()
  name!: string;

  @Column(() => Address)
  address!: Address;

  @OneToMany(() => Book, (book) => book.holder)
  loans!: Book[];

  @ManyToMany(() => Book, (book) => book.wanted)
  wishes!: Book[];
}
